import { expect, it } from "vitest";
import { namespacesOf, wholeOf } from "./ids";

it.each([
  ["w/east/shop/cart-v1", ["shop"]],
  ["v//shop/cart/v1", ["shop"]],
  ["s//a%2Fb/cart", ["a/b"]],
  ["u//shop", ["shop"]],
  ["o/v%2F%2Fshop%2Fcart%2Fv1/GET%20%2F", ["shop"]],
  ["v//shop/cart/v1|s//data/db|tcp", ["shop", "data"]],
  ["n//shop|w//shop/cart|http", ["shop"]],
  ["n//shop", []],
  ["x/example.com", []],
  ["u/", []],
  ["a//%E0%A4%A/cart", []],
  ["cart", []],
  ["", []],
])("reads namespaces from %s", (id, expected) => {
  expect(namespacesOf(id)).toEqual(expected);
});

it("knows the node that a namespace becomes", () => {
  expect(wholeOf("v/east/a%2Fb/cart/v1", "a/b")).toBe("n/east/a%2Fb");
  expect(wholeOf("v/east/shop/cart/v1", "bank")).toBeNull();
  expect(wholeOf("n/east/shop", "shop")).toBeNull();
});
