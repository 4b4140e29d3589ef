"""What the login page says, in the languages of the page."""

from collections.abc import Mapping

from django.utils.translation.trans_real import parse_accept_lang_header

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Sign in",
        "lead": "The service graph of your mesh",
        "name": "User name",
        "password": "Password",
        "submit": "Sign in",
        "wrong": "There is no such user, or the password is another one.",
        "slow": "Too many wrong passwords. Try again in {seconds} s.",
        "busy": "Many are signing in right now. Try again.",
        "stale": "This form was open for too long, or cookies are switched off. Try again.",
        "oidc": "Sign in with single sign-on",
        "oidc_lead": "Your organisation's sign-in page opens, and leads back here.",
        "oidc_refused": "The identity provider did not let you in, or it took too long. Try again.",
        "oidc_nameless": "The identity provider did not say who you are: {reason}.",
        "oidc_away": "The identity provider does not answer. meshviz' log says why.",
        "no_database": "The database that knows the users does not answer. Try again later.",
    },
    "ja": {
        "title": "サインイン",
        "lead": "メッシュのサービスグラフ",
        "name": "ユーザー名",
        "password": "パスワード",
        "submit": "サインイン",
        "wrong": "ユーザー名またはパスワードが違います。",
        "slow": "間違ったパスワードが続いています。{seconds} 秒後にもう一度お試しください。",
        "busy": "サインインが混み合っています。もう一度お試しください。",
        "stale": "フォームの有効期限が切れたか、Cookie が無効です。もう一度お試しください。",
        "oidc": "シングルサインオンでサインイン",
        "oidc_lead": "組織のサインインページが開き、ここへ戻ります。",
        "oidc_refused": "サインインが許可されなかったか、時間切れです。もう一度お試しください。",
        "oidc_nameless": "ID プロバイダーから利用者名を得られません（{reason}）。",
        "oidc_away": "ID プロバイダーが応答しません。詳しくは meshviz のログにあります。",
        "no_database": "ユーザーのデータベースが応答しません。しばらくしてからお試しください。",
    },
}
DEFAULT = "en"


def language_of(accepted: str) -> str:
    """Return the first language of an Accept-Language header that we speak."""
    for code, _ in parse_accept_lang_header(accepted.lower()[:500]):
        if (language := code.partition("-")[0]) in WORDS:
            return language
    return DEFAULT
