/* A disk on which every sync takes 5 ms longer: loaded first (LD_PRELOAD), in front of the C library's. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void linger(void) {
  struct timespec delay = {0, 5 * 1000 * 1000};
  nanosleep(&delay, 0);
}

int fsync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  linger();
  return real(file);
}

int fdatasync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  linger();
  return real(file);
}
