package io.foresell.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of {@code docs/architecture.md}: who may know whom. */
@AnalyzeClasses(packages = "io.foresell", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String PROTO = "io.foresell.proto..";
    private static final String MODEL = "io.foresell.model..";
    private static final String KIT = "io.foresell.kit..";
    private static final String EMBEDDED = "io.foresell.store.embedded..";
    private static final String FEATURE = "io.foresell.feature..";
    private static final String TRAINING = "io.foresell.training..";
    private static final String INFERENCE = "io.foresell.inference..";
    private static final String GATEWAY = "io.foresell.gateway..";
    private static final String CLI = "io.foresell.cli..";
    private static final String STANDALONE = "io.foresell.standalone..";

    @ArchTest
    static final ArchRule packagesHaveNoLoops =
            slices().matching("io.foresell.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule modelKnowsNobody = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROTO, KIT, EMBEDDED, FEATURE, TRAINING, INFERENCE, GATEWAY, CLI, STANDALONE, "io.grpc..");

    @ArchTest
    static final ArchRule serviceKitKnowsNoDomain = noClasses()
            .that()
            .resideInAPackage(KIT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROTO, MODEL, EMBEDDED, FEATURE, TRAINING, INFERENCE, GATEWAY, CLI, STANDALONE);

    @ArchTest
    static final ArchRule featureStoreKnowsNoOtherService = noClasses()
            .that()
            .resideInAPackage(FEATURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MODEL, EMBEDDED, TRAINING, INFERENCE, GATEWAY, CLI, STANDALONE);

    @ArchTest
    static final ArchRule trainingKnowsNoOtherService = noClasses()
            .that()
            .resideInAPackage(TRAINING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EMBEDDED, FEATURE, INFERENCE, GATEWAY, CLI, STANDALONE);

    @ArchTest
    static final ArchRule inferenceKnowsNoOtherService = noClasses()
            .that()
            .resideInAPackage(INFERENCE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EMBEDDED, FEATURE, TRAINING, GATEWAY, CLI, STANDALONE);

    @ArchTest
    static final ArchRule commandLineSpeaksOnlyTheWire = noClasses()
            .that()
            .resideInAPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EMBEDDED, FEATURE, TRAINING, INFERENCE, GATEWAY, STANDALONE, "com.mongodb..");

    @ArchTest
    static final ArchRule onlyStandaloneSeesAllServices = noClasses()
            .that()
            .resideOutsideOfPackages(STANDALONE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(STANDALONE);

    @ArchTest
    static final ArchRule mongoIsKnownOnlyWhereThingsAreStored = noClasses()
            .that()
            .resideOutsideOfPackages(FEATURE, "io.foresell.training.registry..", "io.foresell.training.job..", EMBEDDED)
            .and(areNot("io.foresell.training.TrainingServer"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.mongodb..", "org.bson..");

    @ArchTest
    static final ArchRule trainingLibrariesStayInFit = noClasses()
            .that()
            .resideOutsideOfPackage("io.foresell.training.fit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "ml.dmlc..");

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
                    "are in serve/ or wire a server",
                    dependent -> dependent.getPackageName().contains(".serve")
                            || outermost(dependent).getSimpleName().endsWith("Server")));

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
