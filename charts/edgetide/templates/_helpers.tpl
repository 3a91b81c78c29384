{{- define "edgetide.name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The release's name, with the chart's unless it is in it already. Room is left for "-leader-election". */}}
{{- define "edgetide.fullname" -}}
{{- $name := include "edgetide.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{ default $full .Values.fullnameOverride | trunc 46 | trimSuffix "-" }}
{{- end }}

{{- define "edgetide.selectorLabels" -}}
app.kubernetes.io/name: {{ include "edgetide.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "edgetide.labels" -}}
{{ include "edgetide.selectorLabels" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "edgetide.serviceAccountName" -}}
{{ default (ternary (include "edgetide.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{- define "edgetide.image" -}}
{{ .Values.image.repository }}{{ with .Values.image.digest }}@{{ . }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* What the Pod Security level "restricted" asks of a pod and of a container. */}}
{{- define "edgetide.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "edgetide.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* What every pod of the chart has: who it is, where its image comes from, where it may run. */}}
{{- define "edgetide.podSpec" -}}
securityContext:
  {{- include "edgetide.podSecurityContext" . | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* What the operator does with pools and their targets, in a namespace or in all. */}}
{{- define "edgetide.poolRules" -}}
- apiGroups: [edgetide.io]
  resources: [edgepools, eventcalendars, streamevents]
  verbs: [list, watch]
- apiGroups: [edgetide.io]
  resources: [edgepools/status, eventcalendars/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get]
{{- range .Values.rbac.scaleTargets }}
- apiGroups: [{{ .apiGroup }}]
  resources: [{{ .resource }}]
  verbs: [list, watch]
- apiGroups: [{{ .apiGroup }}]
  resources: [{{ .resource }}/scale]
  verbs: [get, update]
{{- end }}
{{- range .Values.rbac.autoscalers }}
- apiGroups: [{{ .apiGroup }}]
  resources: [{{ .resource }}]
  verbs: [get, list, watch, patch]
{{- end }}
- apiGroups: [""]
  resources: [pods, resourcequotas]
  verbs: [list, watch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{/* What it does with what belongs to no namespace. */}}
{{- define "edgetide.clusterRules" -}}
- apiGroups: [edgetide.io]
  resources: [eventclasses, metricsources]
  verbs: [list, watch]
- apiGroups: [edgetide.io]
  resources: [eventclasses/status]
  verbs: [patch]
{{- with include "edgetide.targetDefinitions" . | fromJsonArray }}
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  resourceNames: {{ toJson . }}
  verbs: [get]
{{- end }}
{{- if .Values.nodeRoom.enabled }}
- apiGroups: [""]
  resources: [nodes, pods]
  verbs: [list, watch]
{{- else if .Values.topologySpread.enabled }}
- apiGroups: [""]
  resources: [nodes]
  verbs: [list, watch]
{{- end }}
{{- if .Values.nodeRoom.machineDeployments }}
- apiGroups: [cluster.x-k8s.io]
  resources: [machinedeployments]
  verbs: [get]
{{- end }}
{{- if eq .Values.metrics.auth "token" }}
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
{{- end }}
{{- end }}

{{/* The definitions of custom resources that pools may scale, which say where their replicas stand; as a JSON list. */}}
{{- define "edgetide.targetDefinitions" -}}
{{- $names := list -}}
{{- range .Values.rbac.scaleTargets -}}
{{- if contains "." .apiGroup }}{{ $names = append $names (printf "%s.%s" .resource .apiGroup) }}{{ end -}}
{{- end -}}
{{ $names | uniq | sortAlpha | toJson }}
{{- end }}

{{/* The Secrets that may be read: those listed, and those that metricSources name; as a JSON list. */}}
{{- define "edgetide.secretNames" -}}
{{- $names := .Values.rbac.secretNames -}}
{{- range .Values.metricSources -}}
{{- $tls := .spec.tls | default dict -}}
{{- $refs := list (.spec.authorization | default dict).secretRef $tls.caSecretRef $tls.clientCertificateSecretRef -}}
{{- range .spec.headers }}{{ $refs = append $refs .secretRef }}{{ end -}}
{{- range compact $refs -}}
{{- if eq .namespace $.Release.Namespace }}{{ $names = append $names .name }}{{ end -}}
{{- end -}}
{{- end -}}
{{ $names | uniq | sortAlpha | toJson }}
{{- end }}

{{/* The names of the definitions in crds/, as a JSON list. */}}
{{- define "edgetide.crdNames" -}}
{{- $names := list -}}
{{- range $path, $text := .Files.Glob "crds/*.yaml" -}}
{{- $names = append $names ($text | toString | fromYaml).metadata.name -}}
{{- end -}}
{{ toJson $names }}
{{- end }}

{{/* Whom a binding gives a role: the operator. */}}
{{- define "edgetide.subjects" -}}
subjects:
- kind: ServiceAccount
  name: {{ include "edgetide.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}
