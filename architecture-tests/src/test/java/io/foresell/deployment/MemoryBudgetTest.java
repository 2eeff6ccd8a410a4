package io.foresell.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.foresell.feature.FeatureStoreConfig;
import io.foresell.kit.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The heap that an image takes of its pod's memory leaves room for what lives outside of it, and holds what the settings allow. */
final class MemoryBudgetTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final Pattern HEAP_SHARE = Pattern.compile("-XX:MaxRAMPercentage=(\\d+)");

    /** Class data, compiled code, stacks and network buffers; ONNX Runtime in inference; ND4J and XGBoost in training. */
    private static final Map<String, Long> OUTSIDE_OF_HEAP_MEBIBYTES =
            Map.of("feature-store", 256L, "gateway", 192L, "inference", 512L, "training", 2048L);

    private static final Map<String, String> IMAGES = Map.of(
            "feature-store", "feature-store-service",
            "gateway", "gateway",
            "inference", "inference-service",
            "training", "training-service");

    private static String dockerfile(String service) {
        return Manifests.text(Manifests.ROOT.resolve("deploy/" + IMAGES.get(service) + "/Dockerfile"));
    }

    private static long heapBytes(String service, long limitBytes) {
        Matcher share = HEAP_SHARE.matcher(dockerfile(service));
        assertThat(share.find()).as("%s sets its share", service).isTrue();
        return limitBytes * Integer.parseInt(share.group(1)) / 100;
    }

    private static long limitBytes(PodTemplateSpec pod) {
        Quantity limit = BaseObjects.container(pod).getResources().getLimits().get("memory");
        return Quantity.getAmountInBytes(limit).longValueExact();
    }

    /** A patch of an overlay may leave the pod alone. */
    private static void checkOutsideOfHeap(String service, @Nullable PodTemplateSpec pod) {
        if (pod == null || BaseObjects.container(pod).getResources() == null || !IMAGES.containsKey(service)) {
            return;
        }
        long limit = limitBytes(pod);
        assertThat((limit - heapBytes(service, limit)) / MEBIBYTE)
                .as("MiB outside of the heap of %s", service)
                .isGreaterThanOrEqualTo(OUTSIDE_OF_HEAP_MEBIBYTES.get(service));
    }

    @Test
    void everyLimitLeavesRoomOutsideOfTheHeap() {
        Set<String> checked = new TreeSet<>();
        for (HasMetadata object : BaseObjects.below(Manifests.K8S)) {
            String name = object.getMetadata().getName();
            if (object instanceof Deployment workload) {
                checkOutsideOfHeap(name, workload.getSpec().getTemplate());
                checked.add(name);
            } else if (object instanceof StatefulSet workload) {
                checkOutsideOfHeap(name, workload.getSpec().getTemplate());
                checked.add(name);
            }
        }
        assertThat(checked).containsAll(IMAGES.keySet());
    }

    /** About 100 bytes a label and 8 a value are what {@code feature-store.properties} promises. */
    @Test
    void trainingSetsAllowedAtOnceFitIntoTheFeatureStoresHeap() {
        BaseObjects base = new BaseObjects();
        FeatureStoreConfig config = FeatureStoreConfig.read(Settings.load(
                new String[0], base.byName(ConfigMap.class).get("feature-store").getData()));
        long bytes = config.maxTrainingStreams()
                * (100L * config.trainingSets().maxLabels()
                        + 8L * config.trainingSets().maxCachedCells());
        assertThat(bytes)
                .isLessThan(heapBytes("feature-store", limitBytes(base.pods().get("feature-store"))) * 4 / 5);
    }

    /** Native libraries are unpacked below /tmp before they are loaded: there must be room, and glibc and OpenMP. */
    @Test
    void nativeLibrariesFitIntoTmpAndImage() throws IOException {
        Map<String, PodTemplateSpec> pods = new BaseObjects().pods();
        assertThat(tmpBytes(pods.get("inference"))).isGreaterThan(2 * nativeBytes("onnxruntime-", "linux-x64"));
        assertThat(tmpBytes(pods.get("training")))
                .isGreaterThan(nativeBytes("nd4j-native-", "linux-x86_64")
                        + nativeBytes("openblas-", "linux-x86_64")
                        + nativeBytes("xgboost4j_", "linux/x86_64"));
        assertThat(dockerfile("training")).contains("libgomp1");
        IMAGES.keySet().forEach(service -> assertThat(dockerfile(service)).doesNotContain("alpine", "musl"));
    }

    private static long tmpBytes(PodTemplateSpec pod) {
        return pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getName().equals("tmp"))
                .mapToLong(
                        volume -> Quantity.getAmountInBytes(volume.getEmptyDir().getSizeLimit())
                                .longValueExact())
                .sum();
    }

    /** Sums the unpacked shared libraries for our platform in the jars whose names start so. */
    private static long nativeBytes(String jarPrefix, String platform) throws IOException {
        long bytes = 0;
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (path.toString().endsWith(".jar")
                    && path.getFileName().toString().startsWith(jarPrefix)) {
                try (JarFile jar = new JarFile(path.toFile())) {
                    bytes += jar.stream()
                            .filter(file -> file.getName().contains(platform)
                                    && file.getName().contains(".so"))
                            .mapToLong(file -> file.getSize())
                            .sum();
                }
            }
        }
        assertThat(bytes).as("native libraries of %s", jarPrefix).isPositive();
        return bytes;
    }
}
