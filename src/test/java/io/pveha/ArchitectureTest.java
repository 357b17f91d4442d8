package io.pveha;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds the arrows between the six packages, deny by default: what is not named here is forbidden.
 * When a rule stops you, the code is usually in the wrong place.
 */
class ArchitectureTest {

  private static JavaClasses product;

  @BeforeAll
  static void readProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.pveha");
  }

  @Test
  void coreImportsOnlyItself() {
    mayDependOn("core", "java..", "io.pveha.core..");
  }

  @Test
  void apiImportsOnlyJacksonAndAnnotationsForTheCrds() {
    mayDependOn(
        "api",
        "java..",
        "io.pveha.api..",
        "com.fasterxml.jackson..",
        "io.fabric8.kubernetes.api.model..",
        "io.fabric8.kubernetes.client",
        "io.fabric8.kubernetes.model..",
        "io.fabric8.crd..",
        "io.fabric8.generator..");
  }

  @Test
  void proxmoxImportsFactsAndTheHttpClient() {
    mayDependOn(
        "proxmox",
        "java..",
        "javax.net.ssl..",
        "javax.security..",
        "io.pveha.proxmox..",
        "io.pveha.core.cluster..",
        "com.fasterxml.jackson..",
        "org.slf4j..");
  }

  @Test
  void operatorNeverMeetsTheSimulator() {
    mayDependOn(
        "operator",
        "java..",
        "javax.net.ssl..",
        "javax.crypto..",
        "io.pveha.operator..",
        "io.pveha.api..",
        "io.pveha.core..",
        "io.pveha.proxmox..",
        "io.javaoperatorsdk..",
        "io.fabric8..",
        "com.fasterxml.jackson..",
        "io.micrometer..",
        "org.slf4j..");
  }

  @Test
  void simulatorKnowsOnlyTheHaCore() {
    mayDependOn(
        "simulator",
        "java..",
        "javax..",
        "com.sun.net.httpserver..",
        "io.pveha.simulator..",
        "io.pveha.core.ha..",
        "io.pveha.core.placement..",
        "com.fasterxml.jackson..",
        "org.bouncycastle..",
        "org.apache.sshd..",
        "org.slf4j..");
  }

  @Test
  void onlyAppKnowsTheWallClock() {
    DescribedPredicate<JavaAccess<?>> wallClock =
        describe(
            "reads the wall clock",
            access -> {
              String owner = access.getTarget().getOwner().getName();
              String name = access.getTarget().getName();
              boolean now = name.equals("now") && owner.startsWith("java.time.");
              boolean system = owner.equals(Clock.class.getName()) && name.startsWith("system");
              boolean millis =
                  owner.equals(System.class.getName()) && name.equals("currentTimeMillis");
              boolean withoutClock =
                  access.getTarget().getOwner().isEquivalentTo(Instant.class) || now;
              return (now && withoutClock && !takesAClock(access)) || system || millis;
            });
    noClasses()
        .that()
        .resideInAnyPackage("io.pveha..")
        .and()
        .resideOutsideOfPackage("io.pveha.app..")
        .should()
        .accessTargetWhere(wallClock)
        .check(product);
  }

  @Test
  void coreHasNoThreadsAndNoClock() {
    noClasses()
        .that()
        .resideInAPackage("io.pveha.core..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.util.concurrent..", "java.net..", "java.io..")
                .and(notOneOf("java.io.Serializable", "java.io.UncheckedIOException")))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .check(product);
  }

  private static void mayDependOn(String role, String... allowed) {
    classes()
        .that()
        .resideInAPackage("io.pveha." + role + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(primitives()))
        .check(product);
  }

  private static boolean takesAClock(JavaAccess<?> access) {
    return access.getTarget().getFullName().contains("java.time.Clock");
  }

  private static DescribedPredicate<JavaClass> primitives() {
    return describe("primitives", type -> type.isPrimitive() || type.isArray());
  }

  private static DescribedPredicate<JavaClass> notOneOf(String... names) {
    Set<String> exempt = Set.of(names);
    return describe("not one of " + exempt, type -> !exempt.contains(type.getName()));
  }
}
