import { beforeEach, describe, expect, it } from "vitest";
import { ShelfError } from "../model/saved";
import { loginAddress } from "./login";
import { ServerShelf } from "./shelf";

interface Asked {
  method: string;
  path: string;
  token: string | undefined;
  body: unknown;
}

let asked: Asked[];
let answers: Record<string, (() => Response)[]>;
let signIns: number;
let shelf: ServerShelf;

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
const refusal = (status: number, code?: string) =>
  json({ error: { parameter: null, detail: "why", accepted: "", code } }, status);
const me = (token: string) => json({ sign_in: "users", user: "ada", csrf_token: token });
const view = { id: "7", name: "wall", query: "?type=app", shared: true, owner: "ada", mine: true };
const whole = { ...view, created: 1, updated: 2, places: { a: [1, 2] } };

/** Play the server: each address gives its answers one after the other, the last one for ever. */
function respond(path: string, init: RequestInit): Promise<Response> {
  const headers = init.headers as Record<string, string>;
  const method = init.method ?? "";
  const body = typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined;
  asked.push({ method, path, token: headers["x-csrftoken"], body });
  const left = answers[`${method} ${path}`] ?? [];
  const answer = left.length > 1 ? left.shift() : left[0];
  return answer === undefined
    ? Promise.reject(new TypeError("network"))
    : Promise.resolve(answer());
}

async function complaint(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt;
    return null;
  } catch (error) {
    return error instanceof ShelfError ? error.complaint : error;
  }
}

beforeEach(() => {
  asked = [];
  signIns = 0;
  answers = { "GET /api/v1/me": [me("t1")] };
  shelf = new ServerShelf("ada", { fetch: respond, signIn: () => (signIns += 1) });
});

describe("the server's shelf", () => {
  it("lists without asking for a token", async () => {
    answers["GET /api/v1/saved-views"] = [json({ views: [{ ...view, created: 1, updated: 2 }] })];

    expect(await shelf.list()).toEqual([view]);
    expect(asked.map(({ path }) => path)).toEqual(["/api/v1/saved-views"]);
  });

  it("sends what changes with the session's token, asked for once", async () => {
    answers["POST /api/v1/saved-views"] = [json(whole, 201)];
    answers["PUT /api/v1/saved-views/7"] = [json(whole)];
    const draft = { name: "wall", query: "?type=app", shared: true };

    expect(await shelf.add(draft)).toEqual(view);
    expect(await shelf.change("7", { name: "wall" })).toEqual(view);

    expect(asked).toEqual([
      { method: "GET", path: "/api/v1/me", token: undefined, body: undefined },
      { method: "POST", path: "/api/v1/saved-views", token: "t1", body: draft },
      { method: "PUT", path: "/api/v1/saved-views/7", token: "t1", body: { name: "wall" } },
    ]);
  });

  it("gives back all that it forgets", async () => {
    answers["GET /api/v1/saved-views/7"] = [json(whole)];
    answers["DELETE /api/v1/saved-views/7"] = [() => new Response(null, { status: 204 })];

    const { name, query, shared, places } = whole;
    expect(await shelf.remove("7")).toEqual({ name, query, shared, places });
  });

  it("asks for the places of a view when it is opened", async () => {
    answers["GET /api/v1/saved-views/7"] = [json(whole)];

    expect(await shelf.places("7")).toEqual(whole.places);
  });

  it("gets a new token once when the old one is over", async () => {
    answers["GET /api/v1/me"] = [me("t1"), me("t2")];
    answers["PUT /api/v1/saved-views/7"] = [json(whole), refusal(403, "csrf"), json(whole)];
    await shelf.change("7", {});
    await shelf.change("7", {});

    expect(asked.filter(({ method }) => method === "PUT").map(({ token }) => token)).toEqual([
      "t1",
      "t1",
      "t2",
    ]);
  });

  it("does not ask for tokens for ever", async () => {
    answers["PUT /api/v1/saved-views/7"] = [refusal(403, "csrf")];

    expect(await complaint(shelf.change("7", {}))).toBe("offline");
    expect(await complaint(shelf.change("7", {}))).toBe("offline");
    expect(asked.filter(({ method }) => method === "PUT")).toHaveLength(3);
  });

  it.each([
    [409, "name_taken", "name_taken"],
    [409, "too_many", "too_many"],
    [404, "not_there", "not_there"],
    [403, "not_yours", "not_yours"],
    [403, "not_permitted", "not_permitted"],
    [400, undefined, "unfit"],
    [413, "too_large", "unfit"],
    [503, "no_database", "no_database"],
    [502, undefined, "offline"],
  ])("tells a %i with code %s as %s", async (status, code, expected) => {
    answers["PUT /api/v1/saved-views/7"] = [refusal(status, code)];

    expect(await complaint(shelf.change("7", {}))).toBe(expected);
    expect(signIns).toBe(0);
  });

  it("tells what is no JSON, and what does not answer at all", async () => {
    answers["GET /api/v1/saved-views"] = [() => new Response("<html>", { status: 502 })];
    expect(await complaint(shelf.list())).toBe("offline");

    answers["GET /api/v1/saved-views"] = [];
    expect(await complaint(shelf.list())).toBe("offline");
  });

  it("goes and signs in when the session is over", async () => {
    answers["GET /api/v1/saved-views"] = [refusal(401, "sign_in")];

    await complaint(shelf.list());

    expect(signIns).toBe(1);
  });

  it("signs out with the token", async () => {
    answers["POST /logout"] = [() => new Response(null, { status: 204 })];

    await shelf.signOut();

    expect(asked.at(-1)).toMatchObject({ path: "/logout", token: "t1" });
  });
});

describe("the login page's address", () => {
  it("leads back to where one was", () => {
    expect(loginAddress("/", "")).toBe("/login");
    const address = loginAddress("/", "?type=app&namespace=a%26b");
    expect(new URLSearchParams(address.split("?")[1]).get("next")).toBe(
      "/?type=app&namespace=a%26b",
    );
  });
});
