package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.model.manifest.Manifest;
import io.foresell.training.evaluate.ClassShape;
import io.foresell.training.evaluate.TwoClassShape;
import io.foresell.training.evaluate.ValueShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes the page of one model. Stateless and thread-safe. */
public final class ModelReport {
    /** Name of the page among the other files of a package. */
    public static final String FILE_NAME = "report.html";

    private static final String JUDGEMENT = "judgement.json";
    private static final Html STYLE = new Html(resource("report.css"));

    private ModelReport() {}

    /** Returns the page in UTF-8: complete in itself, without scripts, the same bytes for the same content. */
    public static byte[] of(ReportContent content) {
        Manifest manifest = content.manifest();
        Names names = new Names(manifest);
        Facts judgement = Facts.of(content.source().get(JUDGEMENT));
        HeadPart head = new HeadPart(manifest, judgement);
        JudgementPart judged = new JudgementPart(judgement, names);
        Html body = Html.join(
                head.render(),
                judged.leaks(),
                head.figures(),
                judged.choice(),
                judged.champion(),
                judged.comparisons(),
                new RankingPart(judgement).render(),
                shape(content, judgement),
                content.clusters()
                        .map(clusters -> new ClusterPart(clusters, names).render())
                        .orElse(Html.NONE),
                judged.render(),
                new ImportancePart(manifest, names, judgement).render(),
                new DependencePart(judgement, names).render(),
                new ModelPart(content.source(), names).render(),
                new ExamplePart(manifest, content.examples()).render(),
                new ProvenancePart(manifest).render());
        return page(Shown.words(manifest.getModel()), body).text().getBytes(StandardCharsets.UTF_8);
    }

    private static Html shape(ReportContent content, Facts judgement) {
        if (content.shape().isEmpty()) {
            return Html.NONE;
        }
        if (content.shape().get() instanceof TwoClassShape shape) {
            return new TwoClassPart(shape, content.manifest().getEvaluation(), judgement).render();
        }
        if (content.shape().get() instanceof ClassShape shape) {
            return new ClassPart(shape, judgement).render();
        }
        return content.shape().get() instanceof ValueShape shape ? new ValuePart(shape).render() : Html.NONE;
    }

    private static Html page(String model, Html body) {
        return html(
                """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{} · report</title>
                <style>
                {}</style>
                </head>
                <body>
                <main>
                {}
                </main>
                <footer>Foresell · judged with the code that serves it</footer>
                </body>
                </html>
                """,
                model,
                STYLE,
                body);
    }

    private static String resource(String name) {
        try (InputStream in = ModelReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource %s: missing".formatted(name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
