"""The settings that say who may see anything, and what."""

from meshviz import files, parsing
from meshviz.setting import Setting

SIGN_IN: tuple[Setting, ...] = (
    Setting(
        "sign_in",
        parsing.one_of("none", "anyone", "users", "proxy", "oidc"),
        "none",
        "none, anyone, users, proxy or oidc",
        "users",
        "Who may see anything. none: whoever reaches the port, which has to be this machine's "
        "alone; anyone: the same on any address; users: who has a name and a password in the "
        "database; proxy: whom a proxy in front names; oidc: whom an OpenID provider knows.",
    ),
    Setting(
        "access_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable YAML file as in docs/signing-in.md",
        "/etc/meshviz/access.yaml",
        "Which role and which namespaces groups and people have; read again whenever it changes. "
        "Without it everybody who signs in is an editor and sees the whole mesh.",
        check=files.access,
    ),
    Setting(
        "secret_key",
        parsing.optional(parsing.secret_key),
        "",
        "one line of 32 characters or more",
        "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9v",
        "What sign-ins are signed with; the same for every process, and nobody else's to know. "
        "Without it they end with the process.",
        is_secret=True,
    ),
    Setting(
        "secret_key_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable file with one line of 32 characters or more",
        "/etc/meshviz/secret-key",
        "A file with that key; read at the start.",
        check=files.secret_key,
    ),
    Setting(
        "trusted_proxies",
        parsing.list_of(parsing.network),
        "",
        "addresses or networks (CIDR), separated by commas",
        "10.8.0.0/16,127.0.0.6",
        "With proxy: where the proxy's connections come from; what others say of themselves is not "
        "believed.",
    ),
    Setting(
        "proxy_user_header",
        parsing.header_name,
        "X-Forwarded-User",
        "the name of a header",
        "X-Auth-Request-Email",
        "With proxy: the header that names who asks.",
    ),
    Setting(
        "proxy_groups_header",
        parsing.header_name,
        "X-Forwarded-Groups",
        "the name of a header",
        "X-Auth-Request-Groups",
        "With proxy: the header with their groups, separated by commas.",
    ),
    Setting(
        "proxy_secret",
        parsing.optional(parsing.secret_key),
        "",
        "one line of 32 characters or more",
        "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9v",
        "With proxy: what the proxy has to send as X-Meshviz-Proxy-Secret. Where a sidecar or a "
        "port-forward stands between, every connection has the same address, and only this tells "
        "the proxy's from others.",
        is_secret=True,
    ),
    Setting(
        "proxy_secret_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable file with one line of 32 characters or more",
        "/etc/meshviz/proxy-secret",
        "A file with it; read again whenever it changes.",
        check=files.secret_key,
    ),
    Setting(
        "oidc_issuer",
        parsing.optional(parsing.issuer),
        "",
        "an https:// address; http:// for this machine alone",
        "https://login.example.com/realms/main",
        "With oidc: the provider, which describes itself at /.well-known/openid-configuration "
        "below this address.",
    ),
    Setting(
        "oidc_client_id",
        parsing.optional(parsing.secret),
        "",
        "one line of text",
        "meshviz",
        "With oidc: the name by which the provider knows meshviz.",
    ),
    Setting(
        "oidc_client_secret",
        parsing.optional(parsing.secret),
        "",
        "one line of text",
        "correct-horse",
        "With oidc: the secret that goes with it; none for a public client. PKCE is used anyway.",
        is_secret=True,
    ),
    Setting(
        "oidc_client_secret_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable file with one line of text",
        "/etc/meshviz/oidc-client-secret",
        "A file with it; read again whenever it changes.",
        check=files.secret,
    ),
    Setting(
        "oidc_scopes",
        parsing.list_of(parsing.word, at_least=1),
        "openid,email,profile",
        "words, separated by commas, openid among them",
        "openid,email,groups",
        "With oidc: what is asked of the provider.",
    ),
    Setting(
        "oidc_user_claim",
        parsing.word,
        "email",
        "the name of a claim",
        "preferred_username",
        "With oidc: what people are called by. An e-mail address has to be a verified one; with "
        "another claim, make sure that people cannot choose it themselves.",
    ),
    Setting(
        "oidc_groups_claim",
        parsing.word,
        "groups",
        "the name of a claim; dots lead into objects",
        "realm_access.roles",
        "With oidc: the list of their groups.",
    ),
    Setting(
        "oidc_ca_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable file with PEM certificates",
        "/etc/meshviz/ca.pem",
        "With oidc: certificates to trust in place of the system's.",
        check=files.certificates,
    ),
)
