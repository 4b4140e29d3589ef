import type { Me, SavedView as WireView, SavedViewWhole, SavedViews } from "../wire/types";
import {
  COMPLAINTS,
  type Complaint,
  type Places,
  type SavedView,
  type Shelf,
  ShelfError,
  type ViewDraft,
} from "../model/saved";

const PATH = "/api/v1/saved-views";

/** What the shelf needs from the world; tests bring their own. */
export interface ShelfWorld {
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** Nobody is signed in any more. */
  signIn(): void;
}

/** Views that the server keeps for who is signed in. */
export class ServerShelf implements Shelf {
  private token: string | null = null;

  constructor(
    readonly user: string,
    private readonly world: ShelfWorld,
  ) {}

  async list(): Promise<readonly SavedView[]> {
    const { views } = (await this.ask("GET", PATH)) as SavedViews;
    return views.map(told);
  }

  async places(id: string): Promise<Places | null> {
    return ((await this.ask("GET", at(id))) as SavedViewWhole).places;
  }

  async add(draft: ViewDraft): Promise<SavedView> {
    return told((await this.write("POST", PATH, draft)) as WireView);
  }

  async change(id: string, change: Partial<ViewDraft>): Promise<SavedView> {
    return told((await this.write("PUT", at(id), change)) as WireView);
  }

  async remove(id: string): Promise<ViewDraft> {
    const { name, query, shared, places } = (await this.ask("GET", at(id))) as SavedViewWhole;
    await this.write("DELETE", at(id));
    return { name, query, shared, places };
  }

  /** End the session, here and in all tabs. */
  async signOut(): Promise<void> {
    await this.write("POST", "/logout");
  }

  /** Send with the session's token; an old one, from before another sign-in, is replaced once. */
  private async write(method: string, path: string, body?: unknown): Promise<unknown> {
    const isOld = this.token !== null;
    this.token ??= await this.fetchToken();
    try {
      return await this.ask(method, path, body);
    } catch (error) {
      if (!isOld || !(error instanceof StaleToken)) throw error;
      this.token = await this.fetchToken();
      return this.ask(method, path, body);
    }
  }

  private async fetchToken(): Promise<string> {
    return ((await this.ask("GET", "/api/v1/me")) as Me).csrf_token ?? "";
  }

  private async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "GET" ? {} : { "x-csrftoken": this.token ?? "" }),
    };
    const answer = await this.reach(path, {
      method,
      headers,
      // What comes after signing out is the login page, which nobody reads here.
      redirect: "manual",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.type === "opaqueredirect" || answer.status === 204) return null;
    if (!answer.ok) throw await this.refused(answer);
    return (await answer.json()) as unknown;
  }

  private async reach(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.world.fetch(path, init);
    } catch {
      throw new ShelfError("offline");
    }
  }

  private async refused(answer: Response): Promise<ShelfError> {
    const { code, detail } = await problem(answer);
    if (answer.status === 401) this.world.signIn();
    const complaint = COMPLAINTS.find((known) => known === code);
    if (answer.status === 403 && complaint === undefined) return new StaleToken("offline", detail);
    return new ShelfError(complaint ?? byStatus(answer.status), detail);
  }
}

/** The token is missing or older than the session. */
class StaleToken extends ShelfError {}

function byStatus(status: number): Complaint {
  return status === 400 || status === 413 ? "unfit" : "offline";
}

async function problem(answer: Response): Promise<{ code: string; detail: string }> {
  try {
    const body = (await answer.json()) as { error?: { code?: string; detail?: string } };
    return { code: body.error?.code ?? "", detail: body.error?.detail ?? "" };
  } catch {
    return { code: "", detail: `HTTP ${answer.status}` };
  }
}

function at(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}

function told({ id, name, query, shared, owner, mine }: WireView): SavedView {
  return { id, name, query, shared, owner, mine };
}
