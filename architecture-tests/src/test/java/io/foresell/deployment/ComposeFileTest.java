package io.foresell.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The compose file, the images and the Prometheus targets agree with each other and with the services' settings. */
final class ComposeFileTest {
    private static final Path DEPLOY = Manifests.ROOT.resolve("deploy");
    private static final Set<String> OURS = Set.of("feature-store", "training", "inference", "gateway");
    private static final Set<String> SERVICE_KEYS = Set.of(
            "image",
            "build",
            "command",
            "depends_on",
            "environment",
            "ports",
            "volumes",
            "restart",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt",
            "stop_grace_period",
            "healthcheck",
            "<<");

    private final Map<?, ?> services = Manifests.composeServices();

    private Map<?, ?> service(String name) {
        return (Map<?, ?>) services.get(name);
    }

    @Test
    void describesTheWholeCluster() {
        assertThat(services.keySet())
                .map(Object::toString)
                .containsExactlyInAnyOrder(
                        "mongodb", "feature-store", "training", "inference", "gateway", "prometheus", "grafana");
        services.values().forEach(service -> assertThat(((Map<?, ?>) service).keySet())
                .map(Object::toString)
                .isSubsetOf(SERVICE_KEYS));
        assertThat(service("mongodb").get("command").toString()).contains("--replSet");
    }

    @Test
    void variablesAreTheOnesTheServicesRead() {
        for (String name : OURS) {
            assertThat(ServiceSettings.variablesOf(name))
                    .containsAll(((Map<?, ?>) service(name).get("environment"))
                            .keySet().stream().map(Object::toString).toList());
        }
    }

    @Test
    void dockerfilesExistRunUnprivilegedAndExposeThePublishedPort() {
        for (String name : OURS) {
            Map<?, ?> build = (Map<?, ?>) service(name).get("build");
            Path dockerfile = Manifests.ROOT.resolve(build.get("dockerfile").toString());
            assertThat(dockerfile).exists();
            String text = Manifests.text(dockerfile);
            String last = text.substring(text.lastIndexOf("\nFROM "));
            assertThat(last).contains("USER 10001").doesNotContain("maven").doesNotContain("alpine");
            String port =
                    ((List<?>) service(name).get("ports")).get(0).toString().split(":", -1)[1];
            assertThat(last).containsPattern("EXPOSE .*\\b" + port + "\\b");
        }
    }

    /** Docker mounts a tmpfs noexec unless told otherwise; ONNX Runtime, ND4J and XGBoost load their libraries from /tmp. */
    @Test
    void librariesUnpackedBelowTmpMayBeLoaded() {
        for (String name : List.of("training", "inference")) {
            Map<?, ?> own = service(name);
            Object tmpfs = own.containsKey("tmpfs") ? own.get("tmpfs") : ((Map<?, ?>) own.get("<<")).get("tmpfs");
            assertThat((List<?>) tmpfs).map(Object::toString).containsExactly("/tmp:exec");
        }
    }

    @Test
    void prometheusScrapesThePortsTheServicesListenOn() {
        String prometheus = Manifests.text(DEPLOY.resolve("prometheus/prometheus.yml"));
        for (String name : OURS) {
            Map<?, ?> environment = (Map<?, ?>) service(name).get("environment");
            Object port = name.equals("gateway") ? "8080" : environment.get("FORESELL_HTTP_PORT");
            assertThat(prometheus).contains("\"" + name + ":" + port + "\"");
        }
    }

    @Test
    void grafanaFindsItsDataSourceAndDashboard() {
        Map<?, ?> source = Manifests.readPlain(DEPLOY.resolve("grafana/provisioning/datasources/prometheus.yaml"));
        assertThat(source.toString()).contains("uid=prometheus").contains("http://prometheus:9090");
        Path dashboard = DEPLOY.resolve("grafana/dashboards/foresell.json");
        assertThat(Files.exists(dashboard)).isTrue();
        Map<?, ?> parsed = Manifests.readPlain(dashboard);
        assertThat((List<?>) parsed.get("panels")).hasSizeGreaterThan(5);
    }

    @Test
    void dashboardShowsOnlyMetricsThatTheSourcesRegister() {
        String sources = SourceText.ofMainSources();
        Set<String> unknown = new TreeSet<>();
        Matcher metric = Pattern.compile("\\b((?:grpc_server|inference|training|feature|registry|model)_[a-z_]+)")
                .matcher(Manifests.text(DEPLOY.resolve("grafana/dashboards/foresell.json"))
                        .replaceAll("\\\\?\"(title|legendFormat|description)\\\\?\": *\"[^\"]*\"", ""));
        while (metric.find()) {
            String name = metric.group(1).replaceAll("_(bucket|count|sum|max)$", "");
            String registered = name.replaceAll("_(seconds|bytes|total)$", "");
            if (!sources.contains("\"" + name + "\"")
                    && !sources.contains("\"" + registered + "\"")
                    && !sources.contains("\"" + registered + "_seconds\"")) {
                unknown.add(name);
            }
        }
        assertThat(unknown).isEmpty();
    }
}
