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
{{- if ne $root.Values.istio.sidecar "inject" }}
{{- /* In an ambient mesh, which a namespace may be in by its own label, all ports come by this one. */}}
{{- include "meshviz.rule" (dict "word" "from" "peers" (include "meshviz.tunnelPeers" . | fromYamlArray) "ports" (list 15008)) }}
{{- end }}
{{- end }}

{{/* Who may call one component by an ambient mesh: whoever may call any of its ports. */}}
{{- define "meshviz.tunnelPeers" -}}
{{- $root := index . 0 }}
{{- $role := index . 1 }}
{{- $policy := $root.Values.networkPolicy }}
{{- $hasPage := and (eq $role "server") (include "meshviz.isOpen" $root) }}
{{- if eq $role "redis" }}
{{- include "meshviz.own" (list $root "server" "worker" "beat") }}
{{- else if not $hasPage }}
{{- toYaml $policy.monitoringFrom }}
{{- else if and $policy.from (or $policy.monitoringFrom (not $root.Values.istio.authorizationPolicy.enabled)) }}
{{- concat $policy.from $policy.monitoringFrom | toYaml }}
{{- else }}
{{- list | toYaml }}
{{- end }}
{{- end }}

{{/* Whom one component may call, likewise. */}}
{{- define "meshviz.egressRules" -}}
{{- $root := index . 0 }}
{{- $role := index . 1 }}
{{- $egress := $root.Values.networkPolicy.egress }}
{{- $sidecar := and (ne $root.Values.istio.sidecar "skip") (not $root.Values.istio.ambient) }}
{{- if or $sidecar (ne $role "redis") }}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}
{{- if $sidecar }}
{{- /* Without its control plane a sidecar never gets ready. */}}
{{- include "meshviz.rule" (dict "word" "to" "peers" (include "meshviz.istiod" . | fromYamlArray) "ports" (list 15012)) }}
{{- end }}
{{- if ne $role "redis" }}
{{- /* In an ambient mesh the same is asked by its port of its own. */}}
{{- $tunnel := ternary (list) (list 15008) (eq $root.Values.istio.sidecar "inject") }}
{{- if ne $role "beat" }}
{{- include "meshviz.rule" (dict "word" "to" "peers" $egress.prometheus.to "ports" (concat $egress.prometheus.ports $tunnel)) }}
{{- end }}
{{- if $root.Values.redis.bundled.enabled }}
{{- include "meshviz.rule" (dict "word" "to" "peers" (include "meshviz.own" (list $root "redis") | fromYamlArray) "ports" (concat (list 6379) $tunnel)) }}
{{- end }}
{{- with $egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Istio's control plane, in whatever namespace it is. */}}
{{- define "meshviz.istiod" }}
- namespaceSelector: {}
  podSelector:
    matchLabels:
      app: istiod
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
