package io.pveha;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import io.pveha.app.operator.OperatorWiring;
import io.pveha.core.safety.WriteGrant;
import io.pveha.core.safety.WritePermit;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.proxmox.rest.NodeConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds the arrows between the six packages, deny by default: what is not named here is forbidden.
 * When a rule stops you, the code is usually in the wrong place.
 */
class ArchitectureTest {

  private static final Pattern CLASS_FILE =
      Pattern.compile("test-classes/([^$]+?)(\\$.*)?\\.class");

  private static final Path TRY_OUT_SOURCES = Path.of("src/tryout/java");

  private static JavaClasses product;
  private static JavaClasses tryOut;

  @BeforeAll
  static void readClasses() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.pveha");
    tryOut =
        new ClassFileImporter()
            .withImportOption(ArchitectureTest::isOfTheTryOut)
            .importPackages("io.pveha");
  }

  /** It is compiled into the folder of the tests. */
  private static boolean isOfTheTryOut(Location location) {
    Matcher outermost = CLASS_FILE.matcher(location.toString());
    return location.contains("/test-classes/")
        && outermost.find()
        && Files.exists(TRY_OUT_SOURCES.resolve(outermost.group(1) + ".java"));
  }

  @Test
  void tryOutIsNoPartOfTheProduct() {
    assertThat(tryOut.stream().map(JavaClass::getPackageName))
        .contains("io.pveha.simulator.world", "io.pveha.app.demo", "io.pveha.rehearsal");
    assertThat(product).extracting(JavaClass::getName).doesNotContainAnyElementsOf(names(tryOut));
    noClasses()
        .that()
        .resideInAnyPackage("io.pveha..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.pveha.simulator..",
                "io.pveha.rehearsal..",
                "io.pveha.app.demo..",
                "io.pveha.app.kube..",
                "io.pveha.app.rehearse..",
                "io.pveha.app.simulator.."))
        .check(product);
  }

  private static Set<String> names(JavaClasses classes) {
    return classes.stream().map(JavaClass::getName).collect(Collectors.toSet());
  }

  @Test
  void plannersImportTheModelAndTheWordsOfTheApi() {
    mayDependOn("core", "java..", "io.pveha.core..", "io.pveha.api.v1alpha1..");
  }

  @Test
  void modelOfProxmoxImportsOnlyTheCore() {
    for (String role : Set.of("core.cluster", "core.ha", "core.placement", "core.failover")) {
      mayDependOn(role, "java..", "io.pveha.core..");
    }
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
        "io.vertx.core..",
        "io.netty.handler.ssl..",
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
  void packagesOfTheSimulatorKnowEachOtherOneWay() {
    slices().matching("io.pveha.simulator.(**)").should().beFreeOfCycles().check(tryOut);
  }

  @Test
  void simulatorKnowsOnlyTheHaCore() {
    mayDependOn(
        tryOut,
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
    mayDependOn(tryOut, "rehearsal", "java..", "io.pveha.rehearsal..", "io.pveha.core..");
  }

  @Test
  void partsOfTheOperatorFormNoCycle() {
    slices().matching("io.pveha.operator.(*)..").should().beFreeOfCycles().check(product);
  }

  @Test
  void partsOfTheCoreFormNoCycle() {
    slices().matching("io.pveha.core.(*)..").should().beFreeOfCycles().check(product);
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
        .check(all());
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

  /**
   * A write needs a {@link WriteGrant}, which {@link WritePermit} alone makes and which {@link
   * ClusterAccess} asks for at each write; and all connections come from there.
   */
  @Test
  void noWriteLeavesWithoutAPermit() {
    onlyMayCall(WriteGrant.class, JavaConstructor.CONSTRUCTOR_NAME, WritePermit.class);
    onlyMayCall(WritePermit.class, JavaConstructor.CONSTRUCTOR_NAME, ClusterWatcher.class);
    onlyMayCall(NodeConnection.class, JavaConstructor.CONSTRUCTOR_NAME, OperatorWiring.class);
    noClasses()
        .that()
        .doNotImplement(Connector.class)
        .and(not(ClusterAccess.class))
        .should()
        .callMethodWhere(
            describe(
                "connects",
                call ->
                    call.getTarget().getOwner().isAssignableTo(Connector.class)
                        && call.getName().equals("connect")))
        .check(product);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.pveha.proxmox.rest..", "io.pveha.operator.probe..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..", "io.vertx..")
        .check(product);
  }

  private static void onlyMayCall(Class<?> type, String method, Class<?> caller) {
    noClasses()
        .that(not(caller).and(not(type)))
        .should()
        .callCodeUnitWhere(
            describe(
                "calls %s of %s".formatted(method, type.getSimpleName()),
                call ->
                    call.getTarget().getOwner().isEquivalentTo(type)
                        && call.getName().equals(method)))
        .check(product);
  }

  private static DescribedPredicate<JavaClass> not(Class<?> type) {
    return describe(
        "not " + type.getSimpleName(),
        each -> !each.getName().split("\\$")[0].equals(type.getName()));
  }

  private static void mayDependOn(String role, String... allowed) {
    mayDependOn(product, role, allowed);
  }

  private static void mayDependOn(JavaClasses classes, String role, String... allowed) {
    classes()
        .that()
        .resideInAPackage("io.pveha." + role + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(primitives()))
        .check(classes);
  }

  private static JavaClasses all() {
    return new ClassFileImporter()
        .withImportOption(
            location -> !location.contains("/test-classes/") || isOfTheTryOut(location))
        .importPackages("io.pveha");
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
