#include "common/host/flags.h"
#include "services/training/module.h"

int main(int argc, char** argv) {
  const tsunagu::ServiceKind kinds[] = {{"training", &tsunagu::training::Build}};
  return tsunagu::ServiceMain(argc, argv, kinds);
}
