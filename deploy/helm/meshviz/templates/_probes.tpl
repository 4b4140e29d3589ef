{{/*
Probes of one component. None of them asks Prometheus or Redis: an old picture with its age beats a
pod that restarts. Servers answer on the operations port, by any name; workers and beat leave a sign of life.
*/}}
{{- define "meshviz.probes" -}}
{{- if ne .role "server" }}
livenessProbe:
  exec:
    command: [python, -m, meshviz.probe, heartbeat]
  initialDelaySeconds: 60
  periodSeconds: 30
  timeoutSeconds: 5
{{- else }}
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
