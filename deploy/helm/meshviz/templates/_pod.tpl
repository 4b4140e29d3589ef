{{/* What Pod Security's profile "restricted" demands of a container, and a root that cannot be written. */}}
{{- define "meshviz.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
{{- end }}

{{/* The same of a pod: (list ROOT UID). */}}
{{- define "meshviz.podSecurity" -}}
runAsNonRoot: true
{{- if not (kindIs "invalid" (index . 1)) }}
runAsUser: {{ int64 (index . 1) }}
runAsGroup: {{ int64 (index . 1) }}
fsGroup: {{ int64 (index . 1) }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* What all pods have in common: (dict "root" . "role" "server" "uid" 10001). */}}
{{- define "meshviz.podCommon" -}}
{{- $values := .root.Values -}}
serviceAccountName: {{ include "meshviz.serviceAccountName" .root }}
# meshviz asks Prometheus, never the cluster.
automountServiceAccountToken: false
# Else a Service called meshviz would put MESHVIZ_PORT into every pod.
enableServiceLinks: false
securityContext:
  {{- include "meshviz.podSecurity" (list .root .uid) | nindent 2 }}
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Labels of a pod: its component's, and those that put it into a mesh or keep it out. */}}
{{- define "meshviz.podLabels" -}}
{{- $istio := .root.Values.istio -}}
{{ include "meshviz.labels" (list .root .role) }}
{{- if $istio.sidecar }}
sidecar.istio.io/inject: {{ ternary "true" "false" (eq $istio.sidecar "inject") | quote }}
{{- end }}
{{- if $istio.ambient }}
istio.io/dataplane-mode: ambient
{{- end }}
{{- with .root.Values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Annotations of a pod, with a sum over what it reads only at its start; `access` it reads again. */}}
{{- define "meshviz.podAnnotations" -}}
{{- $values := .root.Values -}}
checksum/health: {{ $values.health | toJson | sha256sum }}
{{- if $values.metrics.annotations }}
prometheus.io/scrape: "true"
prometheus.io/port: "9100"
prometheus.io/path: /metrics
{{- end }}
{{- if not (or $values.istio.ambient (eq $values.istio.sidecar "skip")) }}
# Probes and scrapes of the operations port do without mutual TLS; it tells nothing of the mesh.
traffic.sidecar.istio.io/excludeInboundPorts: "9100"
{{- end }}
{{- if $values.istio.holdApplicationUntilProxyStarts }}
proxy.istio.io/config: '{"holdApplicationUntilProxyStarts": true}'
{{- end }}
{{- with $values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* meshviz' container: (dict "root" . "role" "server" "command" "serve"). */}}
{{- define "meshviz.container" -}}
{{- $values := .root.Values -}}
name: meshviz
image: {{ include "meshviz.image" (list $values.image .root.Chart.AppVersion) | quote }}
imagePullPolicy: {{ $values.image.pullPolicy }}
args: [{{ .command }}]
env:
  {{- include "meshviz.env" . | trim | nindent 2 }}
ports:
  {{- if and (eq .role "server") (include "meshviz.isOpen" .root) }}
  - name: http
    containerPort: 8000
  {{- end }}
  - name: http-ops
    containerPort: 9100
{{ include "meshviz.probes" . | trim }}
resources:
  {{- toYaml (get $values .role).resources | nindent 2 }}
securityContext:
  {{- include "meshviz.containerSecurity" . | nindent 2 }}
volumeMounts:
  {{- include "meshviz.mounts" . | nindent 2 }}
{{- end }}

{{/* A Deployment's template: the same. */}}
{{- define "meshviz.podTemplate" -}}
metadata:
  labels:
    {{- include "meshviz.podLabels" . | nindent 4 }}
  annotations:
    {{- include "meshviz.podAnnotations" . | nindent 4 }}
spec:
  {{- include "meshviz.podCommon" (dict "root" .root "role" .role "uid" .root.Values.runAsUser) | nindent 2 }}
  terminationGracePeriodSeconds: {{ include "meshviz.graceSeconds" . }}
  {{- if and (eq .role "server") (include "meshviz.hasManyServers" .root) }}
  {{- include "meshviz.spread" .root | trim | nindent 2 }}
  {{- end }}
  containers:
    - {{ include "meshviz.container" . | nindent 6 | trim }}
  volumes:
    {{- include "meshviz.volumes" . | nindent 4 }}
{{- end }}

{{/*
How long one component may take to end: servers drain, and let requests finish that wait for Prometheus;
workers finish what they ask it. 15 s on top are for saying goodbye, and to spare.
*/}}
{{- define "meshviz.graceSeconds" -}}
{{- $query := int (include "meshviz.queryTimeoutSeconds" .root) }}
{{- if eq .role "server" }}{{ add (int .root.Values.drainSeconds) $query 15 }}
{{- else if eq .role "worker" }}{{ add $query 20 }}
{{- else }}30{{ end }}
{{- end }}

{{/* MESHVIZ_QUERY_TIMEOUT in whole seconds, rounded up; one that is wrong is left to meshviz to refuse. */}}
{{- define "meshviz.queryTimeoutSeconds" -}}
{{- $given := toString (get .Values.settings "MESHVIZ_QUERY_TIMEOUT" | default "10s") }}
{{- $number := regexFind "^[0-9]+" $given | default "0" | atoi }}
{{- $unit := regexFind "[a-z]+$" $given }}
{{- if eq $unit "ms" }}{{ div (add $number 999) 1000 }}
{{- else if eq $unit "m" }}{{ mul $number 60 }}
{{- else if eq $unit "h" }}{{ mul $number 3600 }}
{{- else }}{{ $number }}{{ end }}
{{- end }}

{{- define "meshviz.spread" -}}
topologySpreadConstraints:
{{- with .Values.server.topologySpreadConstraints }}
{{ toYaml . | indent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "meshviz.selector" (list $ "server") | nindent 8 }}
{{- end }}
{{- end }}
