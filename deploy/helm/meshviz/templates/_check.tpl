{{/* What cannot be true together. Each message says what to write instead. */}}
{{- define "meshviz.check" -}}
{{- $values := .Values }}
{{- $mode := $values.signIn.mode }}
{{- $isScaled := eq $values.mode "scaled" }}
{{- if and (eq $mode "none") (or $values.ingress.enabled $values.httpRoute.enabled) }}
{{- fail "meshviz: ingress and httpRoute need a sign-in: with signIn.mode none the pod listens to itself alone. Set signIn.mode to users, proxy or oidc, or to anyone if everybody who gets there may see the mesh." }}
{{- end }}
{{- include "meshviz.check.name" . }}
{{- include "meshviz.check.scaled" . }}
{{- include "meshviz.check.signIn" . }}
{{- include "meshviz.check.database" . }}
{{- include "meshviz.check.egress" . }}
{{- include "meshviz.check.extraEnv" . }}
{{- if and $values.prometheus.token.existingSecret $values.prometheus.user }}
{{- fail "meshviz: prometheus.token and prometheus.user are both given, and only one of the two can be used." }}
{{- end }}
{{- if ne (empty $values.prometheus.user) (empty $values.prometheus.password.existingSecret) }}
{{- fail "meshviz: prometheus.user and prometheus.password.existingSecret go together; one of the two is missing." }}
{{- end }}
{{- range $what, $ca := dict "prometheus.ca" $values.prometheus.ca "signIn.oidc.ca" $values.signIn.oidc.ca }}
{{- if and $ca.existingSecret $ca.existingConfigMap }}
{{- fail (printf "meshviz: %s has existingSecret and existingConfigMap; only one of the two can be used." $what) }}
{{- end }}
{{- end }}
{{- if and (eq $values.istio.sidecar "inject") $values.istio.ambient }}
{{- fail "meshviz: istio.sidecar inject and istio.ambient true: a pod is in the mesh by one of the two." }}
{{- end }}
{{- if and $values.httpRoute.enabled (not $values.httpRoute.parentRefs) }}
{{- fail "meshviz: httpRoute.parentRefs says which Gateway: [{name: gateway, namespace: istio-ingress}]." }}
{{- end }}
{{- end }}

{{/* Only the user knows where these are. */}}
{{- define "meshviz.check.egress" -}}
{{- $egress := .Values.networkPolicy.egress }}
{{- if and .Values.networkPolicy.enabled $egress.enabled (not $egress.extra) }}
{{- $asked := dict "the issuer of signIn.oidc" (eq .Values.signIn.mode "oidc") "the database of database.existingSecret" .Values.database.existingSecret "the Redis of redis.url" .Values.redis.url "the Redis of redis.existingSecret" .Values.redis.existingSecret }}
{{- range $what, $isAsked := $asked }}
{{- if $isAsked }}
{{- fail (printf "meshviz: networkPolicy.egress lets nobody ask %s. Add a rule to networkPolicy.egress.extra: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 5432}]}]." $what) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "meshviz.check.extraEnv" -}}
{{- $owned := include "meshviz.owned" . | fromYaml }}
{{- range $variable := .Values.extraEnv }}
{{- with get $owned $variable.name }}
{{- fail (printf "meshviz: extraEnv: this chart sets %s by the value %s." $variable.name .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "meshviz.check.name" -}}
{{- $name := include "meshviz.fullname" . }}
{{- /* Newer API servers let a Service begin with a digit; older ones refuse it, after half is installed. */}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) }}
{{- fail (printf "meshviz: the objects would be called %s, but a Service's name has to begin with a letter, and has small letters, digits and - only. Set fullnameOverride to such a name: meshviz." $name) }}
{{- end }}
{{- end }}

{{- define "meshviz.check.scaled" -}}
{{- $redis := .Values.redis }}
{{- $given := 0 }}
{{- range list $redis.url $redis.existingSecret $redis.bundled.enabled }}{{ if . }}{{ $given = add1 $given }}{{ end }}{{ end }}
{{- if eq .Values.mode "scaled" }}
{{- if ne (int $given) 1 }}
{{- fail "meshviz: mode scaled needs one Redis: redis.existingSecret, redis.url or redis.bundled.enabled, and only one of the three." }}
{{- end }}
{{- else }}
{{- if $given }}
{{- fail "meshviz: redis is for mode scaled; in mode embedded one process does it all. Set mode to scaled, or leave redis out." }}
{{- end }}
{{- if gt (int .Values.server.replicas) 1 }}
{{- fail "meshviz: server.replicas above 1 needs mode scaled: several embedded servers would each ask Prometheus." }}
{{- end }}
{{- if .Values.autoscaling.enabled }}
{{- fail "meshviz: autoscaling needs mode scaled: several embedded servers would each ask Prometheus." }}
{{- end }}
{{- end }}
{{- end }}

{{- define "meshviz.check.signIn" -}}
{{- $signIn := .Values.signIn }}
{{- if and (eq .Values.mode "scaled") (has $signIn.mode (list "users" "oidc")) (not $signIn.secretKey.existingSecret) }}
{{- fail "meshviz: in mode scaled servers take each other's sign-ins only by a key that all have: set signIn.secretKey.existingSecret." }}
{{- end }}
{{- if eq $signIn.mode "proxy" }}
{{- if not (or $signIn.proxy.trusted $signIn.proxy.secret.existingSecret) }}
{{- fail "meshviz: with signIn.mode proxy anybody could say to be anybody. Set signIn.proxy.secret.existingSecret, or signIn.proxy.trusted to the addresses of your proxies: [10.0.0.0/8]." }}
{{- end }}
{{- else if or $signIn.proxy.trusted $signIn.proxy.userHeader $signIn.proxy.groupsHeader $signIn.proxy.secret.existingSecret }}
{{- fail (printf "meshviz: signIn.proxy is given, and signIn.mode is %s. Set it to proxy, or leave signIn.proxy out." $signIn.mode) }}
{{- end }}
{{- if eq $signIn.mode "oidc" }}
{{- if not (and $signIn.oidc.issuer $signIn.oidc.clientId) }}
{{- fail "meshviz: signIn.mode oidc needs signIn.oidc.issuer and signIn.oidc.clientId." }}
{{- end }}
{{- else if or $signIn.oidc.issuer $signIn.oidc.clientId $signIn.oidc.clientSecret.existingSecret }}
{{- fail (printf "meshviz: signIn.oidc is given, and signIn.mode is %s. Set it to oidc, or leave signIn.oidc out." $signIn.mode) }}
{{- end }}
{{- if and .Values.access (has $signIn.mode (list "none" "anyone")) }}
{{- fail (printf "meshviz: access says who may see what, but with signIn.mode %s nobody says who they are. Set signIn.mode to users, proxy or oidc." $signIn.mode) }}
{{- end }}
{{- end }}

{{- define "meshviz.check.database" -}}
{{- $mode := .Values.signIn.mode }}
{{- $given := 0 }}
{{- range list .Values.persistence.enabled .Values.database.existingSecret .Values.database.forgetful }}{{ if . }}{{ $given = add1 $given }}{{ end }}{{ end }}
{{- if gt (int $given) 1 }}
{{- fail "meshviz: of persistence.enabled, database.existingSecret and database.forgetful only one can be used." }}
{{- end }}
{{- if and (eq .Values.mode "scaled") (or .Values.persistence.enabled .Values.database.forgetful) }}
{{- fail "meshviz: an SQLite file serves one pod, so persistence and database.forgetful are for mode embedded. In mode scaled set database.existingSecret to the address of a PostgreSQL." }}
{{- end }}
{{- if and (has $mode (list "users" "proxy" "oidc")) (eq (int $given) 0) }}
{{- fail (printf "meshviz: signIn.mode %s needs a place for who people are and what they save: database.existingSecret, or in mode embedded persistence.enabled or database.forgetful." $mode) }}
{{- end }}
{{- if and (eq $mode "users") .Values.database.forgetful }}
{{- fail "meshviz: database.forgetful would forget the users of signIn.mode users: set persistence.enabled or database.existingSecret." }}
{{- end }}
{{- end }}
