/** The photo of who serves; a drawn figure where there is none. */
import { useEffect, useState } from 'preact/hooks';
import { fetchPicture } from '../shared/call.js';
import type { Staff } from './kiosk-view.js';
import type { Say } from './words.js';

interface StaffPhotoProps {
  readonly staff: Staff;
  readonly picture: string | null;
  readonly say: Say;
}

export function StaffPhoto({ staff, picture, say }: StaffPhotoProps) {
  return (
    <div class="photo">
      {picture === null ? (
        <svg viewBox="0 0 60 80" class="photo-figure" aria-hidden="true" preserveAspectRatio="xMidYMax slice">
          <circle cx="30" cy="29" r="12.5" />
          <path d="M6 80V71c0-12 9-20 24-20s24 8 24 20v9z" />
        </svg>
      ) : (
        <img src={picture} alt={say('photoOf', { name: staff.name ?? staff.staffNo })} />
      )}
    </div>
  );
}

/** The address of the picture, fetched once for as long as the same member of staff serves. */
export function useStaffPicture(secret: string | null, staff: Staff | null): string | null {
  const [picture, setPicture] = useState<string | null>(null);
  const staffNo = staff?.photo === true ? staff.staffNo : null;
  useEffect(() => {
    if (secret === null || staffNo === null) return;
    let address: string | null = null;
    let gone = false;
    void fetchPicture(secret, `/v1/staff/${encodeURIComponent(staffNo)}/photo`).then((fetched) => {
      address = fetched;
      if (!gone) setPicture(fetched);
      else if (fetched !== null) URL.revokeObjectURL(fetched);
    });
    return () => {
      gone = true;
      setPicture(null);
      if (address !== null) URL.revokeObjectURL(address);
    };
  }, [secret, staffNo]);
  return picture;
}
