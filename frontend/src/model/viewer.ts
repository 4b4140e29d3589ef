/** Who looks, and what they may do and see. The server says so, and keeps to it. */
import type { Me } from "../wire/types";

export type Role = Me["role"];

export interface Viewer {
  /** The name by which somebody is signed in; "" where people have none. */
  readonly user: string;
  readonly signIn: Me["sign_in"];
  readonly role: Role;
  /** True for who sees a part of the mesh. */
  readonly isLimited: boolean;
  /**
   * Which part: patterns of names, of which every list has to let a namespace in. Null for the
   * whole mesh, and before the server was asked.
   */
  readonly namespaces: readonly (readonly string[])[] | null;
}

/** Where nobody has a name, everybody may do everything. */
export const ANYBODY: Viewer = {
  user: "",
  signIn: "none",
  role: "admin",
  isLimited: false,
  namespaces: null,
};

/** What the page says of who looks. */
export function viewerOf({ user = "", signIn, role, limited }: DOMStringMap): Viewer {
  return {
    user,
    signIn: WAYS.find((known) => known === signIn) ?? ANYBODY.signIn,
    role: ROLES.find((known) => known === role) ?? ANYBODY.role,
    isLimited: limited === "true",
    namespaces: null,
  };
}

/** The same as the server tells it when it is asked. */
export function viewerFrom({ user, sign_in, role, namespaces }: Me): Viewer {
  return { user: user ?? "", signIn: sign_in, role, isLimited: namespaces !== null, namespaces };
}

const WAYS: readonly Viewer["signIn"][] = ["none", "users", "proxy", "oidc"];
const ROLES: readonly Role[] = ["viewer", "editor", "admin"];

/** Whether somebody may keep views, or change them. What is in one's own browser is one's own. */
export function maySave({ user, role }: Viewer): boolean {
  return user === "" || role !== "viewer";
}

/** Whether somebody may delete what others share. */
export function mayTidy({ user, role }: Viewer): boolean {
  return user !== "" && role === "admin";
}

/** Whether somebody may sign out here; a proxy lets people in and out by itself. */
export function mayLeave({ signIn }: Viewer): boolean {
  return signIn === "users" || signIn === "oidc";
}
