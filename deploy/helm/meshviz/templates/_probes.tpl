{{/*
Probes of one component, on its operations port, which answers by any name. They say "unwell" for what
a new start or fewer visitors may mend, never for a Prometheus or a Redis that is away.
*/}}
{{- define "meshviz.probes" -}}
startupProbe:
  {{- include "meshviz.probe" (list . "healthz") | nindent 2 }}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 30
livenessProbe:
  {{- include "meshviz.probe" (list . "healthz") | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  {{- include "meshviz.probe" (list . "readyz") | nindent 2 }}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end }}

{{- define "meshviz.probe" -}}
{{- $path := index . 1 }}
{{- if eq (index . 0).root.Values.probes.type "exec" -}}
exec:
  command: [python, -m, meshviz.probe, {{ $path }}]
{{- else -}}
httpGet:
  path: /{{ $path }}
  port: http-ops
{{- end }}
{{- end }}
