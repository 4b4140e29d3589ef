// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { ShelfError } from "../model/saved";
import { ANYBODY, type Viewer } from "../model/viewer";
import { type TestPage, change, show } from "../testing/page";
import { Account } from "./Account";

const ADA: Viewer = { ...ANYBODY, user: "ada", signIn: "users" };

async function open(viewer: Viewer): Promise<TestPage> {
  const page = await show(<Account />, {});
  await change(() => (page.store.viewer.value = viewer));
  return page;
}

describe("who is signed in", () => {
  it("is named, with the role, and can leave", async () => {
    const page = await open({ ...ADA, role: "editor" });
    expect(page.text()).toContain("Signed in as ada");
    expect(page.text()).toContain("Editor");
    expect(page.text()).toContain("You see every namespace.");

    await page.click(".menu-item");

    expect(page.commands.given).toEqual(["ask viewer", "sign out"]);
  });

  it("leaves by the proxy where a proxy let them in", async () => {
    const page = await open({ ...ADA, signIn: "proxy" });

    expect(page.root.querySelector(".menu-item")).toBeNull();
  });

  it("is told when the server did not hear of it", async () => {
    const page = await open(ADA);
    page.commands.signOut = () => Promise.reject(new ShelfError("offline"));
    await page.click(".menu-item");
    await change(() => undefined);

    expect(page.find("[role=alert]").textContent).toContain("did not answer");
  });

  it("has a harmless name whatever it is", async () => {
    const page = await open({ ...ADA, user: "<b>a\u202e" });

    expect(page.find(".user-name").textContent).toBe("Signed in as <b>a⟨U+202E⟩");
  });
});

describe("the part of the mesh that somebody sees", () => {
  const part = async (namespaces: Viewer["namespaces"]) => {
    const page = await open({ ...ADA, isLimited: true, namespaces });
    return page.root.querySelector(".account-part")?.textContent ?? "";
  };

  it("is named by its patterns", async () => {
    expect(await part([["shop", "shop-*"]])).toBe(
      "You see these namespaces:shopshop-*A * stands for any text.",
    );
    expect(await part([["shop"]])).not.toContain("any text");
  });

  it("is what all lists let in", async () => {
    expect(await part([["shop*"], ["shop-eu"]])).toContain("shop*and of these only:");
  });

  it("may be nothing", async () => {
    expect(await part([[]])).toBe("You see no namespace: none was given to you.");
  });

  it("is not guessed before the server has said it", async () => {
    expect(await part(null)).toBe("");
  });
});
