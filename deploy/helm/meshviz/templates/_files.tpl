{{/*
Every file that a setting names, as a JSON list: the variable, its volume, the object and key that it
comes from, and whose containers have it. Files of Secrets are read again when they change.
*/}}
{{- define "meshviz.files" -}}
{{- $askers := list "server" "worker" }}
{{- $servers := list "server" }}
{{- $all := list "server" "worker" "beat" }}
{{- $found := list }}
{{- with .Values.prometheus }}
{{- $found = append $found (dict "env" "MESHVIZ_PROMETHEUS_TOKEN_FILE" "volume" "prometheus-token" "secret" .token.existingSecret "key" .token.key "roles" $askers) }}
{{- $found = append $found (dict "env" "MESHVIZ_PROMETHEUS_PASSWORD_FILE" "volume" "prometheus-password" "secret" .password.existingSecret "key" .password.key "roles" $askers) }}
{{- $found = append $found (dict "env" "MESHVIZ_PROMETHEUS_CA_FILE" "volume" "prometheus-ca" "secret" .ca.existingSecret "configMap" .ca.existingConfigMap "key" .ca.key "roles" $askers) }}
{{- $found = append $found (dict "env" "MESHVIZ_PROMETHEUS_CERT_FILE" "volume" "prometheus-certificate" "secret" .certificate.existingSecret "key" .certificate.certKey "roles" $askers) }}
{{- $found = append $found (dict "env" "MESHVIZ_PROMETHEUS_KEY_FILE" "volume" "prometheus-certificate" "secret" .certificate.existingSecret "key" .certificate.keyKey "roles" $askers) }}
{{- end }}
{{- with .Values.signIn }}
{{- $found = append $found (dict "env" "MESHVIZ_SECRET_KEY_FILE" "volume" "secret-key" "secret" .secretKey.existingSecret "key" .secretKey.key "roles" $servers) }}
{{- $found = append $found (dict "env" "MESHVIZ_PROXY_SECRET_FILE" "volume" "proxy-secret" "secret" .proxy.secret.existingSecret "key" .proxy.secret.key "roles" $servers) }}
{{- $found = append $found (dict "env" "MESHVIZ_OIDC_CLIENT_SECRET_FILE" "volume" "oidc-client-secret" "secret" .oidc.clientSecret.existingSecret "key" .oidc.clientSecret.key "roles" $servers) }}
{{- $found = append $found (dict "env" "MESHVIZ_OIDC_CA_FILE" "volume" "oidc-ca" "secret" .oidc.ca.existingSecret "configMap" .oidc.ca.existingConfigMap "key" .oidc.ca.key "roles" $servers) }}
{{- end }}
{{- if .Values.access }}
{{- $found = append $found (dict "env" "MESHVIZ_ACCESS_FILE" "volume" "access" "configMap" (printf "%s-access" (include "meshviz.fullname" .)) "key" "access.yaml" "roles" $servers) }}
{{- end }}
{{- if .Values.health }}
{{- $found = append $found (dict "env" "MESHVIZ_HEALTH_FILE" "volume" "health" "configMap" (printf "%s-health" (include "meshviz.fullname" .)) "key" "health.yaml" "roles" $all) }}
{{- end }}
{{- $given := list }}
{{- range $found }}{{ if or .secret .configMap }}{{ $given = append $given . }}{{ end }}{{ end }}
{{- toJson $given }}
{{- end }}

{{/* Volumes of one component: (dict "root" . "role" "server"). */}}
{{- define "meshviz.volumes" -}}
{{- $role := .role }}
{{- $values := .root.Values }}
{{- $keys := dict }}
{{- range include "meshviz.files" .root | fromJsonArray }}
{{- if has $role .roles }}
{{- $_ := set $keys .volume (append (get $keys .volume | default list) .) }}
{{- end }}
{{- end -}}
# What meshviz writes there is of no use to the next pod.
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 64Mi
{{- range $volume, $files := $keys }}
{{- $first := first $files }}
- name: {{ $volume }}
  {{- if $first.secret }}
  secret:
    secretName: {{ $first.secret | quote }}
  {{- else }}
  configMap:
    name: {{ $first.configMap | quote }}
  {{- end }}
    defaultMode: 0440
    items:
      {{- range $files }}
      - key: {{ .key | quote }}
        path: {{ .key | quote }}
      {{- end }}
{{- end }}
{{- if and (eq $role "server") $values.persistence.enabled }}
- name: data
  persistentVolumeClaim:
    claimName: {{ default (include "meshviz.fullname" .root) $values.persistence.existingClaim }}
{{- end }}
{{- with $values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Where they are mounted, likewise. */}}
{{- define "meshviz.mounts" -}}
{{- $role := .role }}
{{- $values := .root.Values }}
{{- $volumes := list }}
{{- range include "meshviz.files" .root | fromJsonArray }}
{{- if has $role .roles }}{{ $volumes = append $volumes .volume }}{{ end }}
{{- end -}}
- name: tmp
  mountPath: /tmp
{{- range $volumes | uniq | sortAlpha }}
- name: {{ . }}
  mountPath: /etc/meshviz/{{ . }}
  readOnly: true
{{- end }}
{{- if and (eq $role "server") $values.persistence.enabled }}
- name: data
  mountPath: /data
{{- end }}
{{- with $values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
