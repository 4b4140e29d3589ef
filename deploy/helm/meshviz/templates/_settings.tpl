{{/* Settings that have a value of their own, and which: `settings` may not name them too. */}}
{{- define "meshviz.owned" -}}
DATABASE_URL: database.existingSecret or persistence
MESHVIZ_ACCESS_FILE: access
MESHVIZ_ALLOWED_HOSTS: hosts
MESHVIZ_DRAIN: drainSeconds
MESHVIZ_EXTRA_ORIGINS: origins
MESHVIZ_HEALTH_FILE: health
MESHVIZ_HEARTBEAT_FILE: the operations port
MESHVIZ_HOST: signIn.mode and listen
MESHVIZ_LOG_FORMAT: logFormat
MESHVIZ_OIDC_CA_FILE: signIn.oidc.ca
MESHVIZ_OIDC_CLIENT_ID: signIn.oidc.clientId
MESHVIZ_OIDC_CLIENT_SECRET: signIn.oidc.clientSecret
MESHVIZ_OIDC_CLIENT_SECRET_FILE: signIn.oidc.clientSecret
MESHVIZ_OIDC_GROUPS_CLAIM: signIn.oidc.groupsClaim
MESHVIZ_OIDC_ISSUER: signIn.oidc.issuer
MESHVIZ_OIDC_SCOPES: signIn.oidc.scopes
MESHVIZ_OIDC_USER_CLAIM: signIn.oidc.userClaim
MESHVIZ_OPERATIONS_ADDRESS: listen
MESHVIZ_PORT: service.port
MESHVIZ_PROMETHEUS_CA_FILE: prometheus.ca
MESHVIZ_PROMETHEUS_CERT_FILE: prometheus.certificate
MESHVIZ_PROMETHEUS_HEADERS: prometheus.headers
MESHVIZ_PROMETHEUS_KEY_FILE: prometheus.certificate
MESHVIZ_PROMETHEUS_PASSWORD: prometheus.password
MESHVIZ_PROMETHEUS_PASSWORD_FILE: prometheus.password
MESHVIZ_PROMETHEUS_PUBLIC_URL: prometheus.publicUrl
MESHVIZ_PROMETHEUS_TOKEN: prometheus.token
MESHVIZ_PROMETHEUS_TOKEN_FILE: prometheus.token
MESHVIZ_PROMETHEUS_URL: prometheus.url
MESHVIZ_PROMETHEUS_USER: prometheus.user
MESHVIZ_PROMETHEUS_VERIFY: prometheus.verify
MESHVIZ_PROXY_GROUPS_HEADER: signIn.proxy.groupsHeader
MESHVIZ_PROXY_SECRET: signIn.proxy.secret
MESHVIZ_PROXY_SECRET_FILE: signIn.proxy.secret
MESHVIZ_PROXY_USER_HEADER: signIn.proxy.userHeader
MESHVIZ_REDIS_URL: redis
MESHVIZ_SECRET_KEY: signIn.secretKey
MESHVIZ_SECRET_KEY_FILE: signIn.secretKey
MESHVIZ_SIGN_IN: signIn.mode
MESHVIZ_TRUSTED_PROXIES: signIn.proxy.trusted
{{- end }}

{{/* Names by which meshviz may be called: the Service's, and those that people use. */}}
{{- define "meshviz.hosts" -}}
{{- $name := include "meshviz.fullname" . }}
{{- $namespace := .Release.Namespace }}
{{- $service := list $name (printf "%s.%s" $name $namespace) (printf "%s.%s.svc" $name $namespace) (printf "%s.%s.svc.%s" $name $namespace .Values.clusterDomain) }}
{{- $routed := list }}
{{- if .Values.ingress.enabled }}{{ $routed = concat $routed .Values.ingress.hosts }}{{ end }}
{{- if .Values.httpRoute.enabled }}{{ $routed = concat $routed .Values.httpRoute.hostnames }}{{ end }}
{{- concat $service $routed .Values.hosts | uniq | join "," }}
{{- end }}

{{/* Origins of pages whose https ends before meshviz, so that it sees another address. */}}
{{- define "meshviz.origins" -}}
{{- $https := list }}
{{- if and .Values.ingress.enabled .Values.ingress.tlsSecret }}{{ $https = concat $https .Values.ingress.hosts }}{{ end }}
{{- if and .Values.httpRoute.enabled .Values.httpRoute.https }}{{ $https = concat $https .Values.httpRoute.hostnames }}{{ end }}
{{- $origins := list }}
{{- range $https }}{{ $origins = append $origins (printf "https://%s" .) }}{{ end }}
{{- concat $origins .Values.origins | uniq | join "," }}
{{- end }}

{{/* Plain settings of one component, as YAML: (dict "root" . "role" "server"). */}}
{{- define "meshviz.settings" -}}
{{- $root := .root }}
{{- $values := $root.Values }}
{{- $found := dict }}
{{- range $name, $value := $values.settings }}
{{- with get (include "meshviz.owned" $root | fromYaml) $name }}
{{- fail (printf "meshviz: settings.%s: this chart sets it by the value %s." $name .) }}
{{- end }}
{{- $_ := set $found $name (include "meshviz.text" $value) }}
{{- end }}
{{- $_ := set $found "MESHVIZ_PROMETHEUS_URL" $values.prometheus.url }}
{{- $_ := set $found "MESHVIZ_LOG_FORMAT" $values.logFormat }}
{{- range include "meshviz.files" $root | fromJsonArray }}
{{- if has $.role .roles }}
{{- $_ := set $found .env (printf "/etc/meshviz/%s/%s" .volume .key) }}
{{- end }}
{{- end }}
{{- if ne .role "beat" }}
{{- $_ := set $found "MESHVIZ_PROMETHEUS_USER" $values.prometheus.user }}
{{- if not $values.prometheus.verify }}{{ $_ := set $found "MESHVIZ_PROMETHEUS_VERIFY" "false" }}{{ end }}
{{- end }}
{{- $_ := set $found "MESHVIZ_OPERATIONS_ADDRESS" (include "meshviz.address" (list $values.listen 9100)) }}
{{- if eq .role "server" }}
{{- include "meshviz.settings.server" (dict "root" $root "found" $found) }}
{{- end }}
{{- if eq $values.mode "scaled" }}
{{- $_ := set $found "MESHVIZ_REDIS_URL" $values.redis.url }}
{{- end }}
{{- range $name, $value := $found }}
{{- if eq $value "" }}{{ $_ := unset $found $name }}{{ end }}
{{- end }}
{{- toYaml $found }}
{{- end }}

{{- define "meshviz.settings.server" -}}
{{- $found := .found }}
{{- $values := .root.Values }}
{{- $signIn := $values.signIn }}
{{- $isOpen := include "meshviz.isOpen" .root }}
{{- $_ := set $found "MESHVIZ_PROMETHEUS_PUBLIC_URL" $values.prometheus.publicUrl }}
{{- $_ := set $found "MESHVIZ_SIGN_IN" $signIn.mode }}
{{- $_ := set $found "MESHVIZ_HOST" (ternary $values.listen "127.0.0.1" (eq $isOpen "yes")) }}
{{- $_ := set $found "MESHVIZ_PORT" "8000" }}
{{- $_ := set $found "MESHVIZ_DRAIN" (printf "%ds" (int $values.drainSeconds)) }}
{{- if $isOpen }}
{{- $_ := set $found "MESHVIZ_ALLOWED_HOSTS" (include "meshviz.hosts" .root) }}
{{- $_ := set $found "MESHVIZ_EXTRA_ORIGINS" (include "meshviz.origins" .root) }}
{{- else }}
{{- $_ := set $found "MESHVIZ_ALLOWED_HOSTS" (join "," $values.hosts) }}
{{- $_ := set $found "MESHVIZ_EXTRA_ORIGINS" (join "," $values.origins) }}
{{- end }}
{{- $_ := set $found "MESHVIZ_TRUSTED_PROXIES" (join "," $signIn.proxy.trusted) }}
{{- $_ := set $found "MESHVIZ_PROXY_USER_HEADER" $signIn.proxy.userHeader }}
{{- $_ := set $found "MESHVIZ_PROXY_GROUPS_HEADER" $signIn.proxy.groupsHeader }}
{{- $_ := set $found "MESHVIZ_OIDC_ISSUER" $signIn.oidc.issuer }}
{{- $_ := set $found "MESHVIZ_OIDC_CLIENT_ID" $signIn.oidc.clientId }}
{{- $_ := set $found "MESHVIZ_OIDC_USER_CLAIM" $signIn.oidc.userClaim }}
{{- $_ := set $found "MESHVIZ_OIDC_GROUPS_CLAIM" $signIn.oidc.groupsClaim }}
{{- $_ := set $found "MESHVIZ_OIDC_SCOPES" $signIn.oidc.scopes }}
{{- if $values.persistence.enabled }}
{{- $_ := set $found "DATABASE_URL" "sqlite:////data/meshviz.sqlite3" }}
{{- else if $values.database.forgetful }}
{{- $_ := set $found "DATABASE_URL" "sqlite:////tmp/meshviz.sqlite3" }}
{{- end }}
{{- end }}

{{/* A number or a word as meshviz reads it; Helm takes every number for a fraction. */}}
{{- define "meshviz.text" -}}
{{- if and (kindIs "float64" .) (eq (float64 (int64 .)) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{/* The environment of one component's container, likewise. */}}
{{- define "meshviz.env" -}}
{{- $values := .root.Values }}
{{- $isServer := eq .role "server" }}
{{- range $name, $value := include "meshviz.settings" . | fromYaml }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- with $values.prometheus.headers }}
{{- if .existingSecret }}
{{ include "meshviz.secretEnv" (list "MESHVIZ_PROMETHEUS_HEADERS" .) }}
{{- end }}
{{- end }}
{{- if and $isServer $values.database.existingSecret }}
{{ include "meshviz.secretEnv" (list "DATABASE_URL" $values.database) }}
{{- end }}
{{- if eq $values.mode "scaled" }}
{{- with $values.redis }}
{{- if .existingSecret }}
{{ include "meshviz.secretEnv" (list "MESHVIZ_REDIS_URL" .) }}
{{- end }}
{{- if .bundled.enabled }}
{{- if .bundled.password.existingSecret }}
{{ include "meshviz.secretEnv" (list "REDIS_PASSWORD" .bundled.password) }}
{{- end }}
- name: MESHVIZ_REDIS_URL
  value: redis://{{ if .bundled.password.existingSecret }}:$(REDIS_PASSWORD)@{{ end }}{{ include "meshviz.fullname" $.root }}-redis:6379/0
{{- end }}
{{- end }}
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "meshviz.secretEnv" -}}
{{- $secret := index . 1 -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret.existingSecret | quote }}
      key: {{ $secret.key | quote }}
{{- end }}
