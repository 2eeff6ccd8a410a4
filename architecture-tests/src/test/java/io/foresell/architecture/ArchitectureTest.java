package io.foresell.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The arrows of {@code docs/architecture.md}: who may know whom. */
@AnalyzeClasses(packages = "io.foresell", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String PROTO = "io.foresell.proto..";
    private static final String MODEL = "io.foresell.model..";
    private static final String ONNX_RUNTIME = "io.foresell.onnxruntime..";
    private static final String KIT = "io.foresell.kit..";
    private static final String EMBEDDED = "io.foresell.store.embedded..";
    private static final String FEATURE = "io.foresell.feature..";
    private static final String TRAINING = "io.foresell.training..";
    private static final String INFERENCE = "io.foresell.inference..";
    private static final String GATEWAY = "io.foresell.gateway..";
    private static final String CLI = "io.foresell.cli..";
    private static final String STANDALONE = "io.foresell.standalone..";
    private static final String BENCHMARKS = "io.foresell.benchmarks..";
    private static final String MODEL_BENCHMARKS = "io.foresell.benchmarks.model..";
    private static final String TRAINING_BENCHMARKS = "io.foresell.benchmarks.training..";

    /** A rule over classes that are not on the class path would hold for nothing. */
    @ArchTest
    static void everyPackageOfOurSourcesIsLookedAt(JavaClasses imported) {
        Set<String> looked = new TreeSet<>();
        imported.forEach(type -> looked.add(type.getPackageName()));
        assertThat(looked).containsAll(SourcePackages.all());
        assertThat(looked).anyMatch(name -> name.startsWith("io.foresell.proto."));
    }

    @ArchTest
    static final ArchRule packagesHaveNoLoops =
            slices().matching("io.foresell.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule protoKnowsNobody = knowsOfUsOnly(PROTO);

    @ArchTest
    static final ArchRule modelKnowsNobody = knowsOfUsOnly(MODEL);

    /** Annotations aside, which are gone when the program runs. */
    @ArchTest
    static final ArchRule modelNeedsOnlyTheJdkAndProtobuf = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(
                    MODEL,
                    "java..",
                    "jdk.incubator.vector..",
                    "com.google.protobuf..",
                    "org.jspecify.annotations..",
                    "com.google.errorprone.annotations..");

    @ArchTest
    static final ArchRule onnxRuntimeScorerKnowsOnlyTheModel = knowsOfUsOnly(ONNX_RUNTIME, MODEL);

    @ArchTest
    static final ArchRule serviceKitKnowsNoDomain = knowsOfUsOnly(KIT);

    @ArchTest
    static final ArchRule embeddedStoreKnowsNobody = knowsOfUsOnly(EMBEDDED);

    @ArchTest
    static final ArchRule featureStoreKnowsNoOtherService = knowsOfUsOnly(FEATURE, PROTO, KIT);

    @ArchTest
    static final ArchRule trainingKnowsNoOtherService = knowsOfUsOnly(TRAINING, PROTO, KIT, MODEL, ONNX_RUNTIME);

    @ArchTest
    static final ArchRule inferenceKnowsNoOtherService = knowsOfUsOnly(INFERENCE, PROTO, KIT, MODEL, ONNX_RUNTIME);

    @ArchTest
    static final ArchRule gatewaySpeaksOnlyTheWire = knowsOfUsOnly(GATEWAY, PROTO);

    /** Of the kit it takes failures and names, which every process words alike. */
    @ArchTest
    static final ArchRule commandLineSpeaksOnlyTheWire = knowsOfUsOnly(CLI, PROTO, KIT);

    /** Services are measured over the wire, the model engine and fitters in process. */
    @ArchTest
    static final ArchRule benchmarksKnowNoService = knowsOfUsOnly(BENCHMARKS, PROTO, KIT, MODEL, TRAINING);

    @ArchTest
    static final ArchRule trainingIsMeasuredInOnePlace = noClasses()
            .that()
            .resideInAPackage(BENCHMARKS)
            .and()
            .resideOutsideOfPackage(TRAINING_BENCHMARKS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TRAINING);

    @ArchTest
    static final ArchRule modelBenchmarksKnowTheModelAlone = knowsOfUsOnly(MODEL_BENCHMARKS, MODEL);

    /** The gateway runs beside it in a class loader of its own, so even here its classes stay unknown. */
    @ArchTest
    static final ArchRule standaloneAloneSeesTheServices =
            knowsOfUsOnly(STANDALONE, PROTO, KIT, EMBEDDED, FEATURE, TRAINING, INFERENCE, CLI);

    @ArchTest
    static final ArchRule mongoIsKnownOnlyWhereThingsAreStored = noClasses()
            .that()
            .resideOutsideOfPackages(
                    FEATURE,
                    "io.foresell.training.registry..",
                    "io.foresell.training.job..",
                    "io.foresell.training.rollout",
                    EMBEDDED)
            .and(areNot("io.foresell.training.TrainingServer"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.mongodb..", "org.bson..");

    @ArchTest
    static final ArchRule trainingLibrariesStayInFit = noClasses()
            .that()
            .resideOutsideOfPackages("io.foresell.training.fit..", MODEL_BENCHMARKS, TRAINING_BENCHMARKS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "ml.dmlc..");

    @ArchTest
    static final ArchRule onnxRuntimeStaysInItsModule = noClasses()
            .that()
            .resideOutsideOfPackages(ONNX_RUNTIME, MODEL_BENCHMARKS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    /** Who trains does not judge itself: of training only the registry runs graphs there. */
    @ArchTest
    static final ArchRule onnxRuntimeScorerIsForLoadingAndJudging = noClasses()
            .that()
            .resideOutsideOfPackages(ONNX_RUNTIME, "io.foresell.inference.load..", "io.foresell.training.registry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ONNX_RUNTIME);

    @ArchTest
    static final ArchRule embeddedServerStaysInItsModule = noClasses()
            .that()
            .resideOutsideOfPackage(EMBEDDED)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("de.bwaldvogel..", "org.h2..");

    @ArchTest
    static final ArchRule wireTypesStayAtTheEdges = noClasses()
            .that()
            .resideInAnyPackage(FEATURE, TRAINING, INFERENCE)
            .and()
            .resideOutsideOfPackages("..serve..")
            .and(doNotEndWith("Protos", "Client", "Watcher", "Server"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(PROTO)
            .as("generated wire types appear only in serve/ and in mapper and client classes");

    @ArchTest
    static final ArchRule nothingDependsOnTheEdge = classes()
            .that()
            .resideInAPackage("..serve..")
            .should()
            .onlyHaveDependentClassesThat(DescribedPredicate.describe(
                    "are in serve/ or wire a process",
                    dependent -> dependent.getPackageName().contains(".serve")
                            || outermost(dependent).getSimpleName().endsWith("Server")
                            || outermost(dependent).getSimpleName().endsWith("Main")));

    /** A list of what is allowed, so that a module that comes later is forbidden until someone decides. */
    private static ArchRule knowsOfUsOnly(String module, String... others) {
        String[] allowed = Stream.concat(Stream.of(module), Stream.of(others)).toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(resideInAPackage("io.foresell..").and(resideOutsideOfPackages(allowed)))
                .as(module + " knows of our other modules only " + List.of(others));
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    private static DescribedPredicate<JavaClass> areNot(String name) {
        return DescribedPredicate.describe(
                "are not " + name, type -> !outermost(type).getFullName().equals(name));
    }

    private static DescribedPredicate<JavaClass> doNotEndWith(String... endings) {
        return DescribedPredicate.describe("have another ending than " + String.join(", ", endings), type -> {
            for (String ending : endings) {
                if (outermost(type).getSimpleName().endsWith(ending)) {
                    return false;
                }
            }
            return true;
        });
    }
}
