{{- /* What every pod of ours has in common, a server or the migration. */ -}}
{{- define "tsunagu.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- range . }}
  - name: {{ . }}{{ end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "tsunagu.container" -}}
name: tsunagu
image: {{ include "tsunagu.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- /* The database and the master key. */ -}}
{{- define "tsunagu.env" -}}
# A folder of the server's own: the volume's has lost+found in it.
- {name: TSUNAGU_DATA_DIR, value: /data/tsunagu}
- {name: TSUNAGU_MASTER_KEY_FILE, value: {{ printf "/run/tsunagu/master/%s" .Values.masterKey.key | quote }}}
{{- if eq .Values.database.kind "mysql" }}
{{- with .Values.database.mysql }}
{{- $ca := ternary (printf "&ssl_ca=/run/tsunagu/database-ca/%s" .ca.key) "" (ne .ca.secret "") }}
- name: TSUNAGU_DATABASE
  value: {{ printf "mysql://%s@%s:%d/%s?password_file=/run/tsunagu/database/%s%s" .user .host (int .port) .prefix .password.key $ca | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Where one secret is put: (list volume name, secret). Their files are for the group of the pod. */ -}}
{{- define "tsunagu.secret" -}}
- name: {{ index . 0 }}
  secret: {secretName: {{ index . 1 | quote }}, defaultMode: 0440}
{{- end }}

{{- define "tsunagu.volumes" -}}
{{ include "tsunagu.secret" (list "master" .Values.masterKey.secret) }}
{{- if eq .Values.database.kind "mysql" }}
{{ include "tsunagu.secret" (list "database" .Values.database.mysql.password.secret) }}
{{- with .Values.database.mysql.ca.secret }}
{{ include "tsunagu.secret" (list "database-ca" .) }}
{{- end }}
- name: data
  emptyDir: {}
{{- end }}
# Workbooks pass through here, with names of people in them: in memory.
- name: tmp
  emptyDir: {medium: Memory, sizeLimit: 512Mi}
{{- end }}

{{- define "tsunagu.mounts" -}}
- {name: master, mountPath: /run/tsunagu/master, readOnly: true}
{{- if eq .Values.database.kind "mysql" }}
- {name: database, mountPath: /run/tsunagu/database, readOnly: true}
{{- if .Values.database.mysql.ca.secret }}
- {name: database-ca, mountPath: /run/tsunagu/database-ca, readOnly: true}
{{- end }}
{{- end }}
- {name: data, mountPath: /data}
- {name: tmp, mountPath: /tmp}
{{- end }}
