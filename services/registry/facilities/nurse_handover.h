#ifndef TSUNAGU_SERVICES_REGISTRY_NURSE_HANDOVER_H_
#define TSUNAGU_SERVICES_REGISTRY_NURSE_HANDOVER_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::registry {

// The hand-over of nurses to the nurse centre.
void AddNurseHandover(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_NURSE_HANDOVER_H_
