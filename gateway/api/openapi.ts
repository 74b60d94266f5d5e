/** The OpenAPI 3.1 document, made from the route table and the Zod schemas that the routes themselves use. */
import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../protocol/index.js';
import { openedServiceSchema, openRequestSchema } from '../core/open-request.js';
import { serviceStatusSchema } from '../core/service-status.js';
import { terminalCareListSchema, terminalCareSchema } from '../core/terminal-care.js';
import { windowListSchema, windowStatusSchema } from '../core/window-status.js';
import { livenessSchema, readinessSchema } from './operation-routes.js';
import { PROBLEM_TYPE, problemSchema } from './problem.js';
import type { AnswerDescription, Route } from './route.js';
import { ROUTES } from './routes.js';

type Json = Record<string, unknown>;

/** Version of the HTTP interface, not of the program. */
const API_VERSION = '1.0.0';

const SCHEMAS = {
  OpenRequest: openRequestSchema,
  OpenedService: openedServiceSchema,
  ServiceStatus: serviceStatusSchema,
  WindowStatus: windowStatusSchema,
  WindowList: windowListSchema,
  Terminal: terminalCareSchema,
  TerminalList: terminalCareListSchema,
  Liveness: livenessSchema,
  Readiness: readinessSchema,
  Problem: problemSchema,
} as const;

/** Refusals that any route may answer, and those that any route with the secret may. */
const COMMON_ERRORS: readonly ErrorCode[] = ['origin-refused', 'internal'];
const SECURED_ERRORS: readonly ErrorCode[] = ['credentials-missing'];

/** The document as a value; key order is stable. */
export function buildOpenApi(routes: readonly Route[] = ROUTES): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'pjq hall gateway',
      version: API_VERSION,
      description:
        'For the counter PC and the business system. They learn whether a service was rated, never its level.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:7310' }],
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: { secret: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** The document as its file has it. */
export function openApiText(): string {
  return `${JSON.stringify(buildOpenApi(), null, 2)}\n`;
}

function operation(route: Route): Json {
  const { operationId, summary, secured, params = {}, headers = {}, body } = route;
  const parameters = [
    ...Object.entries(params).map(([name, schema]) => ({
      name,
      in: 'path',
      required: true,
      schema: inlineSchema(schema),
    })),
    ...Object.entries(headers).map(([name, { description, schema }]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: inlineSchema(schema),
    })),
  ];
  return {
    operationId,
    summary,
    security: secured ? [{ secret: [] }] : [],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: { ...answers(route), ...refusals(route) },
  };
}

function answers(route: Route): Json {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        ...answerHeaders(answer),
        content: {
          [answer.contentType ?? 'application/json']:
            answer.schema === undefined ? {} : { schema: schemaOf(answer.schema) },
        },
      },
    ]),
  );
}

function answerHeaders({ headers }: AnswerDescription): Json {
  if (headers === undefined) return {};
  return {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, { description, schema }]) => [
        name,
        { description, schema: inlineSchema(schema) },
      ]),
    ),
  };
}

function refusals(route: Route): Json {
  const codes = [...route.errors, ...(route.secured ? SECURED_ERRORS : []), ...COMMON_ERRORS];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, those]) => [
      status,
      {
        description: those.join(', '),
        content: { [PROBLEM_TYPE]: { schema: schemaOf(problemSchema) } },
      },
    ]),
  );
}

function schemaOf(schema: z.ZodType): Json {
  const name = Object.entries(SCHEMAS).find(([, named]) => named === schema)?.[0];
  return name === undefined ? inlineSchema(schema) : { $ref: reference(name) };
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}

// As its reader must take it: fields may be added to answers, defaults left out of requests.
const DIALECT = { target: 'draft-2020-12', io: 'input' } as const;

function inlineSchema(schema: z.ZodType): Json {
  return withoutMeta(z.toJSONSchema(schema, DIALECT));
}

function namedSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...DIALECT, uri: reference });
  return Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, withoutMeta(schemas[name] ?? {})]));
}

/** Within the document a schema has no identity and dialect of its own. */
function withoutMeta(schema: object): Json {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => !['$id', '$schema', 'id', '~standard'].includes(key)),
  );
}
