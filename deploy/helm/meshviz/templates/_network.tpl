{{/* Who may call one component: (list . "server"). Kubelets always may. */}}
{{- define "meshviz.ingressRules" -}}
{{- $root := index . 0 }}
{{- $role := index . 1 }}
{{- $policy := $root.Values.networkPolicy }}
{{- if and (eq $role "server") (include "meshviz.isOpen" $root) }}
{{- include "meshviz.rule" (dict "word" "from" "peers" $policy.from "ports" (list 8000)) }}
{{- end }}
{{- if ne $role "redis" }}
{{- $ports := list 9100 }}
{{- if ne $root.Values.istio.sidecar "skip" }}
{{- /* What Istio's agent merges for scrapers, where there is a sidecar. */}}
{{- $ports = append $ports 15020 }}
{{- end }}
{{- include "meshviz.rule" (dict "word" "from" "peers" $policy.monitoringFrom "ports" $ports) }}
{{- else }}
{{- include "meshviz.rule" (dict "word" "from" "peers" (include "meshviz.own" (list $root "server" "worker" "beat") | fromYamlArray) "ports" (list 6379)) }}
{{- end }}
{{- if $root.Values.istio.ambient }}
{{- /* In an ambient mesh traffic comes by this port; the AuthorizationPolicy tells who is who. */}}
{{- include "meshviz.rule" (dict "word" "from" "peers" (list) "ports" (list 15008)) }}
{{- end }}
{{- end }}

{{/* Whom one component may call, likewise. */}}
{{- define "meshviz.egressRules" -}}
{{- $root := index . 0 }}
{{- $role := index . 1 }}
{{- $egress := $root.Values.networkPolicy.egress }}
{{- if ne $role "redis" }}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- if ne $role "beat" }}
{{- include "meshviz.rule" (dict "word" "to" "peers" $egress.prometheus.to "ports" $egress.prometheus.ports) }}
{{- end }}
{{- if $root.Values.redis.bundled.enabled }}
{{- include "meshviz.rule" (dict "word" "to" "peers" (include "meshviz.own" (list $root "redis") | fromYamlArray) "ports" (list 6379)) }}
{{- end }}
{{- if $root.Values.istio.ambient }}
{{- include "meshviz.rule" (dict "word" "to" "peers" (list) "ports" (list 15008)) }}
{{- end }}
{{- with $egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end }}

{{/* One rule; no peers mean every pod of the cluster, or anywhere. */}}
{{- define "meshviz.rule" }}
- ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
  {{- if .peers }}
  {{ .word }}:
    {{- toYaml .peers | nindent 4 }}
  {{- else if eq .word "from" }}
  from:
    - namespaceSelector: {}
  {{- end }}
{{- end }}

{{/* This release's own components as peers: (list . "server" "worker"). */}}
{{- define "meshviz.own" -}}
{{- $root := first . }}
{{- range rest . }}
- podSelector:
    matchLabels:
      {{- include "meshviz.selector" (list $root .) | nindent 6 }}
{{- end }}
{{- end }}
