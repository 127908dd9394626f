{{- define "tsunagu.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- end }}

{{- /* What a workload or the job is called: (list . "suite"). A Service and a Job may have 63 characters, a StatefulSet
       52: its pods carry a label with its name and a hash. What is too long is cut before that end, and a sum of what
       stood there keeps it apart from others. */ -}}
{{- define "tsunagu.name" -}}
{{- $root := index . 0 }}{{ $end := index . 1 }}
{{- $front := include "tsunagu.fullname" $root }}
{{- $room := sub (ternary 52 63 (eq $root.Values.database.kind "sqlite")) (len (printf "-%s" $end)) | int }}
{{- if gt (len $front) $room }}
{{- $front = printf "%s-%s" ($front | trunc (int (sub $room 9)) | trimSuffix "-") ($front | sha256sum | trunc 8) }}
{{- end }}
{{- $front }}-{{ $end }}
{{- end }}

{{- define "tsunagu.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tsunagu.labels" -}}
{{ include "tsunagu.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "tsunagu.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- /* The workload that runs the registry; empty where there is none. */ -}}
{{- define "tsunagu.registry" -}}
{{- range .Values.workloads }}{{ if has "registry" .services }}{{ .name }}{{ end }}{{ end }}
{{- end }}

{{- /* What the schema cannot say. */ -}}
{{- define "tsunagu.check" -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" .Release.Name) }}
{{- fail (printf "release name %s: begin it with a letter and leave out dots, since Services are named after it / リリース名 %s: Service の名前になるため、英字で始め、ドットを使わないでください" .Release.Name .Release.Name) }}
{{- end }}
{{- $names := list }}{{ $services := list }}
{{- range .Values.workloads }}
{{- if has .name $names }}{{ fail (printf "workloads: two are called %s / %s が二つあります" .name .name) }}{{ end }}
{{- $names = append $names .name }}
{{- range .services }}
{{- if has . $services }}{{ fail (printf "workloads: %s is in two of them / %s が二つに入っています" . .) }}{{ end }}
{{- $services = append $services . }}
{{- end }}
{{- end }}
{{- if and .Values.service.externalTrafficPolicy (eq .Values.service.type "ClusterIP") }}
{{- fail "service.externalTrafficPolicy: only with service.type NodePort or LoadBalancer / service.type が NodePort か LoadBalancer のときだけ指定できます" }}
{{- end }}
{{- with int .Values.metrics.port }}{{ if has . (list 8443 50051) }}
{{- fail (printf "metrics.port: the server listens on %d already, for callers; choose another / サーバーが呼び出しのために %d を使うので、ほかの番号を指定してください" . .) }}
{{- end }}{{ end }}
{{- if and (gt (len .Values.workloads) 1) (has "registry" $services) (not .Values.peer.key.secret) }}
{{- fail "peer.key.secret: name the secret with the key for calling the registry (helm/README.md) / registry を呼ぶキーの Secret を指定してください" }}
{{- end }}
{{- end }}
