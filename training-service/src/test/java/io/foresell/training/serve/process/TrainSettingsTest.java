package io.foresell.training.serve.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrainSettingsTest {
    private static TrainSettings read(Map<String, String> settings) {
        return TrainSettings.read(Settings.of(settings));
    }

    @Test
    void aChampionIsAPackageWithItsNumber() {
        assertThat(read(Map.of()).champion()).isEmpty();
        TrainSettings settings = read(Map.of("train.champion", "champion.zip", "train.champion-version", "3"));
        assertThat(settings.champion()).contains(Path.of("champion.zip"));
        assertThat(settings.championVersion()).isEqualTo(3);
        assertThat(settings.variables())
                .containsEntry("FORESELL_TRAIN_CHAMPION", "champion.zip")
                .containsEntry("FORESELL_TRAIN_CHAMPION_VERSION", "3");
        assertThatThrownBy(() -> read(Map.of("train.champion", "champion.zip")))
                .hasMessageEndingWith("train.champion-version: 0 (expected: 1 or more with train.champion)");
        assertThatThrownBy(() -> read(Map.of("train.champion-version", "3")))
                .hasMessageEndingWith("train.champion-version: 3 (expected: 0 without train.champion)");
    }
}
