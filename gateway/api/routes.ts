/** Every route of the gateway's HTTP edge. */
import { OPERATION_ROUTES } from './operation-routes.js';
import type { Route } from './route.js';
import { SERVICE_ROUTES } from './service-routes.js';
import { TERMINAL_ROUTES } from './terminal-routes.js';

export const ROUTES: readonly Route[] = [...SERVICE_ROUTES, ...TERMINAL_ROUTES, ...OPERATION_ROUTES];
