{{/* The chart's name, as a label. */}}
{{- define "meshviz.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What the objects are called. Short enough for "-worker" and the like behind it. */}}
{{- define "meshviz.fullname" -}}
{{- $name := include "meshviz.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Labels that never change, of one component: (list . "server"). */}}
{{- define "meshviz.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "meshviz.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of an object of one component: (list . "server"). */}}
{{- define "meshviz.labels" -}}
{{- $root := index . 0 -}}
{{ include "meshviz.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: meshviz
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "meshviz.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "meshviz.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* An image by digest or tag: (list IMAGE DEFAULT-TAG). */}}
{{- define "meshviz.image" -}}
{{- $image := index . 0 -}}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $image.repository (default (index . 1) $image.tag) }}
{{- end }}
{{- end }}

{{/* "yes" where the page is for the cluster, not for port-forwards alone. */}}
{{- define "meshviz.isOpen" -}}
{{- if ne .Values.signIn.mode "none" }}yes{{ end }}
{{- end }}

{{/* "yes" where a component may have more than one pod. */}}
{{- define "meshviz.hasManyServers" -}}
{{- if and (eq .Values.mode "scaled") (or (gt (int .Values.server.replicas) 1) .Values.autoscaling.enabled) }}yes{{ end }}
{{- end }}

{{/* An address with a port; IPv6 in brackets: (list HOST PORT). */}}
{{- define "meshviz.address" -}}
{{- if contains ":" (index . 0) }}[{{ index . 0 }}]{{ else }}{{ index . 0 }}{{ end }}:{{ index . 1 }}
{{- end }}
