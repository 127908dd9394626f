// Judges what helm renders as the API server would: each object by the strict decoder of its type, so that a field that
// does not exist, is there twice or has the wrong type is found; each pod by the Pod Security standard "restricted".
//
//	judge RENDERED.yaml        prints what is wrong; exit code 1
package main

import (
	"bytes"
	"fmt"
	"os"
	"reflect"

	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	security "k8s.io/pod-security-admission/api"
	rules "k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// By apiVersion and kind: an object to decode into, and where its pods are described.
var kinds = map[string]func() (any, *core.PodTemplateSpec){
	"v1 Service":        func() (any, *core.PodTemplateSpec) { return &core.Service{}, nil },
	"v1 ServiceAccount": func() (any, *core.PodTemplateSpec) { return &core.ServiceAccount{}, nil },
	"apps/v1 Deployment": func() (any, *core.PodTemplateSpec) {
		one := &apps.Deployment{}
		return one, &one.Spec.Template
	},
	"apps/v1 StatefulSet": func() (any, *core.PodTemplateSpec) {
		one := &apps.StatefulSet{}
		return one, &one.Spec.Template
	},
	"batch/v1 Job": func() (any, *core.PodTemplateSpec) {
		one := &batch.Job{}
		return one, &one.Spec.Template
	},
	"policy/v1 PodDisruptionBudget":      func() (any, *core.PodTemplateSpec) { return &policy.PodDisruptionBudget{}, nil },
	"networking.k8s.io/v1 NetworkPolicy": func() (any, *core.PodTemplateSpec) { return &networking.NetworkPolicy{}, nil },
}

// Mounts name volumes of their pod, and each volume is mounted.
func faultsOfMounts(pod *core.PodSpec) (faults []string) {
	unused := map[string]bool{}
	for _, volume := range pod.Volumes {
		unused[volume.Name] = true
	}
	for _, mount := range pod.Containers[0].VolumeMounts {
		if _, there := unused[mount.Name]; !there {
			faults = append(faults, "no volume for the mount "+mount.Name)
		}
		unused[mount.Name] = false
	}
	for name, left := range unused {
		if left {
			faults = append(faults, "nothing mounts the volume "+name)
		}
	}
	return faults
}

func faultsOfPod(template *core.PodTemplateSpec) (faults []string) {
	evaluator, err := rules.NewEvaluator(rules.DefaultChecks(), nil)
	if err != nil {
		panic(err)
	}
	restricted := security.LevelVersion{Level: security.LevelRestricted, Version: security.LatestVersion()}
	results := evaluator.EvaluatePod(restricted, &template.ObjectMeta, &template.Spec)
	if sum := rules.AggregateCheckResults(results); !sum.Allowed {
		faults = append(faults, "not restricted: "+sum.ForbiddenDetail())
	}
	if token := template.Spec.AutomountServiceAccountToken; token == nil || *token {
		faults = append(faults, "it gets a token of the cluster")
	}
	if len(template.Spec.Containers) != 1 {
		return append(faults, "not one container")
	}
	if context := template.Spec.Containers[0].SecurityContext; context.ReadOnlyRootFilesystem == nil || !*context.ReadOnlyRootFilesystem {
		faults = append(faults, "its root is writable")
	}
	return append(faults, faultsOfMounts(&template.Spec)...)
}

func faultsOf(document []byte) (what string, faults []string) {
	var head meta.TypeMeta
	if err := yaml.Unmarshal(document, &head); err != nil {
		return "", []string{err.Error()}
	}
	what = head.APIVersion + " " + head.Kind
	make, known := kinds[what]
	if !known {
		return what, []string{"the chart makes no such thing"}
	}
	object, template := make()
	asJSON, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return what, []string{err.Error()}
	}
	// The server's own decoder: unlike Go's, it tells readOnlyRootFileSystem from readOnlyRootFilesystem.
	strict, err := json.UnmarshalStrict(asJSON, object)
	if err != nil {
		return what, []string{err.Error()}
	}
	for _, fault := range strict {
		faults = append(faults, fault.Error())
	}
	set, isSet := object.(*apps.StatefulSet)
	most := 63
	if isSet {
		most = 52 // its pods have it in a label of 63, with a hash behind it
	}
	if name := reflect.ValueOf(object).Elem().FieldByName("Name").String(); name == "" || len(name) > most {
		faults = append(faults, "its name is "+name)
	}
	if isSet {
		for _, claim := range set.Spec.VolumeClaimTemplates {
			source := core.VolumeSource{PersistentVolumeClaim: &core.PersistentVolumeClaimVolumeSource{ClaimName: claim.Name}}
			template.Spec.Volumes = append(template.Spec.Volumes, core.Volume{Name: claim.Name, VolumeSource: source})
		}
	}
	if template != nil {
		faults = append(faults, faultsOfPod(template)...)
	}
	return what, faults
}

func main() {
	rendered, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	judged, failed := 0, false
	for _, document := range bytes.Split(rendered, []byte("\n---\n")) {
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		judged++
		what, faults := faultsOf(document)
		for _, fault := range faults {
			fmt.Printf("%s: %s\n", what, fault)
			failed = true
		}
	}
	if judged == 0 {
		fmt.Println("nothing to judge")
		failed = true
	}
	if failed {
		os.Exit(1)
	}
}
