/** The address of the login page that leads back to where one is. */
export function loginAddress(pathname: string, search: string): string {
  const here = pathname + search;
  return here === "/" ? "/login" : `/login?${new URLSearchParams({ next: here }).toString()}`;
}

/** Go and sign in: the server no longer knows who this is. */
export function goToLogin(): void {
  location.assign(loginAddress(location.pathname, location.search));
}
