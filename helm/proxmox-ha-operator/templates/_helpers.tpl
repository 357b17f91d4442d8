{{- define "pveha.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "pveha.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "pveha.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "pveha.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "pveha.selectorLabels" -}}
app.kubernetes.io/name: {{ include "pveha.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pveha.labels" -}}
{{ include "pveha.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: proxmox-ha-operator
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "pveha.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "pveha.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "pveha.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{- define "pveha.simulatorImage" -}}
{{- printf "%s:%s" .Values.simulator.image.repository (default .Chart.AppVersion .Values.simulator.image.tag) }}
{{- end }}

{{/* The namespaces to watch, separated by commas; empty means all. */}}
{{- define "pveha.namespaces" -}}
{{- if not .Values.watch.clusterWide }}
{{- join "," (default (list .Release.Namespace) .Values.watch.namespaces) }}
{{- end }}
{{- end }}

{{- define "pveha.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* What the operator may do where it watches. */}}
{{- define "pveha.rules" -}}
# Finalizers are added and removed; a spec is never written.
- apiGroups: [pveha.io]
  resources: [proxmoxclusters, zfspools, replicationjobs, haresources]
  verbs: [get, list, watch, patch, update]
- apiGroups: [pveha.io]
  resources:
    - proxmoxclusters/status
    - zfspools/status
    - replicationjobs/status
    - haresources/status
  verbs: [get, patch, update]
# Needed to own finalizers where the API server enforces owner references.
- apiGroups: [pveha.io]
  resources:
    - proxmoxclusters/finalizers
    - zfspools/finalizers
    - replicationjobs/finalizers
    - haresources/finalizers
  verbs: [update]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
# Tokens and passwords for Proxmox. List and watch, so that a changed one is seen at once.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch]
# What others say of nodes, labelled pveha.io/node-conditions.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch]
{{- end }}
