package io.foresell.training.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Specs, and rows to train on, each with one thing that is wrong, by the names that {@code docs/bad-input.md} gives them. */
final class BadInputCases {
    /** Rows, and what is laid over a spec without candidates: JSON with single quotes. */
    record Case(Supplier<Customers> rows, String spec) {}

    private static final String LOGISTIC = "'candidates':[{'logistic_regression':{}}]";
    private static final String TREES = "'candidates':[{'boosted_trees':{'tree_count':5}}]";
    private static final String OLS = "'candidates':[{'linear_regression':{}}]";
    private static final String CLUSTERS = "'task':'TASK_CLUSTERS',";

    private final Map<String, Case> cases = new LinkedHashMap<>();

    private void bad(String id, Supplier<Customers> rows, String spec) {
        if (cases.put(id, new Case(rows, "{" + spec + "}")) != null) {
            throw new IllegalStateException("twice: " + id);
        }
    }

    /** Says something wrong to sound rows. */
    private void bad(String id, String spec) {
        bad(id, Customers::sound, spec);
    }

    private static String with(String candidate) {
        return "'candidates':[{" + candidate + "}]";
    }

    private static String tuned(String algorithm, String parameter) {
        return with(algorithm + ",'tuning':{'trials':2,'parameters':[{" + parameter + "}]}");
    }

    private static String network(String layers) {
        return "'split':{'hold_out':{}}," + with("'network':{'epochs':1,'layers':[" + layers + "]}");
    }

    private static String prepared(String plan) {
        return "'prepare':{" + plan + "}," + LOGISTIC;
    }

    private static String column(String name, String plan) {
        return prepared("'columns':[{'columns':['" + name + "']," + plan + "}]");
    }

    private static Customers wide() {
        Customers wide = Customers.of(40);
        for (int i = 0; i < 60; i++) {
            int each = i;
            wide.number("f" + i, row -> Math.sin(row * 12.9898 + each * 78.233) * 43758 % 1);
        }
        return wide;
    }

    private static Customers weeks() {
        return Customers.sound().sequence("weeks", 4, i -> i % 7);
    }

    private static Customers shops() {
        return Customers.of(10_000).text("shop", row -> "shop " + row);
    }

    static Map<String, Case> data() {
        BadInputCases all = new BadInputCases();
        all.labels();
        all.columns();
        all.splits();
        all.suspects();
        return all.cases;
    }

    private void labels() {
        bad("no-rows", () -> Customers.of(0), LOGISTIC);
        bad("labels-none", () -> Customers.sound().unlabelled(), LOGISTIC);
        bad("label-blank", () -> Customers.sound().labelledWithTexts(row -> row % 2 == 0 ? "gold" : ""), LOGISTIC);
        bad("one-class", () -> Customers.sound().labelled(row -> 0), LOGISTIC);
        bad("one-class-by-name", () -> Customers.sound().labelledWithTexts(row -> "gold"), LOGISTIC);
        bad("label-constant", () -> Customers.sound().labelled(row -> 12.5), OLS);
        bad("label-nan", () -> Customers.sound().labelled(row -> row == 3 ? Double.NaN : row * 2), OLS);
        bad(
                "label-infinite",
                () -> Customers.sound().labelled(row -> row == 3 ? Double.POSITIVE_INFINITY : row * 2),
                OLS);
        bad("label-not-binary", () -> Customers.sound().labelled(row -> row % 3), "'task':'TASK_BINARY'," + LOGISTIC);
        bad(
                "label-text-for-values",
                () -> Customers.sound().labelledWithTexts(row -> "gold " + row % 2),
                "'task':'TASK_REGRESSION'," + OLS);
        bad("label-of-1200-classes", () -> Customers.of(1200).labelledWithTexts(row -> "class " + row), LOGISTIC);
        bad(
                "class-of-one-row",
                () -> Customers.sound().labelledWithTexts(row -> row == 0 ? "rare" : row % 2 == 0 ? "gold" : "basic"),
                LOGISTIC);
        bad("too-few-rows", () -> Customers.of(12), LOGISTIC);
        bad("too-few-values", () -> Customers.of(11).labelledWithSpend(), OLS);
        bad("clusters-with-labels", CLUSTERS + with("'k_means':{'k':3}"));
    }

    private void columns() {
        bad("column-missing", () -> Customers.sound().number("empty", row -> Double.NaN), LOGISTIC);
        bad(
                "columns-all-missing",
                () -> Customers.sound().number("empty", row -> Double.NaN).only("empty"),
                LOGISTIC);
        bad("column-constant", () -> Customers.sound().number("fee", row -> 9.5), LOGISTIC);
        bad("text-constant", () -> Customers.sound().text("country", row -> "DE"), TREES);
        bad("sequence-constant", () -> Customers.sound().sequence("weeks", 4, i -> i % 4), LOGISTIC);
        bad(
                "columns-all-constant",
                () -> Customers.sound().number("fee", row -> 9.5).only("fee"),
                LOGISTIC);
        bad(
                "constant-where-known",
                () -> Customers.sound().number("fee", row -> row % 2 == 0 ? 9.5 : Double.NaN),
                LOGISTIC);
        bad("categories-10000", BadInputCases::shops, LOGISTIC);
        bad(
                "categories-10000-cut",
                BadInputCases::shops,
                "'split':{'hold_out':{}},"
                        + "'prepare':{'columns':[{'columns':['shop'],'text':{'one_hot':{'max_categories':50}}}]},"
                        + with("'naive_bayes':{}"));
        bad("text-names-rows", () -> Customers.sound().text("mail", row -> "m" + row), LOGISTIC);
        bad(
                "text-read-as-words",
                () -> Customers.sound().text("mail", row -> "order " + row + " came late again"),
                with("'network':{'text':{'features':['mail']},'epochs':20}"));
        bad(
                "value-infinite",
                () -> Customers.sound().number("ratio", row -> row == 7 ? Double.POSITIVE_INFINITY : row),
                LOGISTIC);
        bad("value-too-large", () -> Customers.sound().number("ratio", row -> row == 7 ? 1e300 : row), LOGISTIC);
        bad("features-more-than-rows", BadInputCases::wide, LOGISTIC);
        bad("features-more-than-rows-ols", () -> wide().labelledWithSpend(), OLS);
        bad(
                "log-of-negative",
                () -> Customers.sound().number("balance", row -> row - 60),
                column("balance", "'number':{'log':true}"));
        bad(
                "columns-collinear",
                () -> {
                    Customers customers = Customers.sound().labelledWithSpend();
                    return customers.number("spend_cents", row -> 100 * customers.spend(row));
                },
                "'judge':{'on_leak':'ON_LEAK_WARN'}," + OLS);
    }

    private void splits() {
        bad("rows-fewer-than-folds", () -> Customers.of(10), "'split':{'k_fold':{'k':20}}," + LOGISTIC);
        bad(
                "folds-smaller-than-classes",
                () -> Customers.of(60).labelledWithTexts(row -> "class " + row / 2),
                LOGISTIC);
        bad("one-entity", () -> Customers.sound().entities(row -> "c"), "'split':{'entity':{}}," + LOGISTIC);
        bad(
                "entities-fewer-than-folds",
                () -> Customers.sound().entities(row -> "c" + row % 3),
                "'split':{'k_fold':{'k':5,'by':'FOLD_BY_ENTITY'}}," + LOGISTIC);
        bad("one-instant", () -> Customers.sound().days(row -> 0), "'split':{'time':{}}," + LOGISTIC);
        bad("gap-too-long", "'split':{'time':{'gap_days':3650}}," + LOGISTIC);
        bad(
                "judged-part-one-class",
                () -> Customers.sound().labelled(row -> row < 90 ? row % 2 : 0),
                "'split':{'time':{}}," + LOGISTIC);
        bad(
                "fitted-part-one-class",
                () -> Customers.sound().labelled(row -> row < 100 ? 0 : row % 2),
                "'split':{'time':{}}," + LOGISTIC);
        bad("hold-out-of-no-rows", () -> Customers.of(30), "'split':{'hold_out':{'test_fraction':0.01}}," + LOGISTIC);
        bad(
                "cleaning-leaves-nothing",
                () -> Customers.sound().number("empty", row -> Double.NaN),
                prepared("'rows':{'require':['empty']}"));
        bad(
                "cleaning-leaves-one-class",
                () -> Customers.sound()
                        .labelled(row -> row % 2)
                        .number("known", row -> row % 2 == 1 ? row : Double.NaN),
                "'judge':{'on_leak':'ON_LEAK_WARN'}," + prepared("'rows':{'require':['known']}"));
    }

    private void suspects() {
        bad(
                "label-among-features",
                () -> Customers.sound().labelled(row -> row % 2).number("left", row -> row % 2),
                LOGISTIC);
        bad(
                "value-label-among-features",
                () -> {
                    Customers customers = Customers.sound().labelledWithSpend();
                    return customers.number("bill", row -> 3 * customers.spend(row) + row % 7);
                },
                OLS);
        bad(
                "feature-known-after-label",
                () -> Customers.of(400)
                        .labelled(row -> row % 3 == 0 ? 1 : 0)
                        .number("days_since_exit", row -> row % 3 == 0 ? 1 + row % 5 : Double.NaN),
                LOGISTIC);
        bad(
                "rows-more-than-once",
                () -> Customers.sound()
                        .number("spend", row -> Math.floorDiv(row, 4))
                        .number("visits", row -> Math.floorDiv(row, 4))
                        .text("plan", row -> "plan " + row / 4 % 3)
                        .labelled(row -> Math.floorDiv(row, 4) % 2),
                "'split':{'k_fold':{'k':5,'by':'FOLD_BY_RANDOM'}}," + LOGISTIC);
    }

    static Map<String, Case> specs() {
        BadInputCases all = new BadInputCases();
        all.frame();
        all.judging();
        all.tuning();
        all.algorithms();
        all.layers();
        all.preparation();
        all.jobs();
        return all.cases;
    }

    private void frame() {
        bad("no-candidate", "");
        bad("candidate-without-algorithm", "'candidates':[{'name':'a'}]");
        bad("names-twice", "'candidates':[{'logistic_regression':{}},{'logistic_regression':{}}]");
        bad("times-turned", "'from_time':'2024-02-01','until_time':'2024-01-01'," + LOGISTIC);
        bad("time-unreadable", "'from_time':'31.01.2024'," + LOGISTIC);
        bad("split-of-one-fold", "'split':{'k_fold':{'k':1}}," + LOGISTIC);
        bad("number-not-a-number", with("'logistic_regression':{'inverse_penalty':'NaN'}"));
        bad("number-zero", with("'boosted_trees':{'learning_rate':0}"));
    }

    private void judging() {
        bad("metric-unknown", "'metric':'auc'," + LOGISTIC);
        bad("metric-of-other-task", "'metric':'rmse'," + LOGISTIC);
        bad("metric-found-out-late", "'metric':'rmse'," + TREES);
        bad(
                "calibration-too-few-rows",
                () -> Customers.of(30),
                with("'logistic_regression':{},'calibration':{'method':'CALIBRATION_METHOD_ISOTONIC','folds':20}"));
        bad(
                "calibration-of-values",
                () -> Customers.sound().labelledWithSpend(),
                with("'linear_regression':{},'calibration':{}"));
        bad("weights-of-unknown-class", with("'logistic_regression':{},'class_weights':{'weights':{'positiv':2}}"));
        bad("weights-negative", with("'logistic_regression':{},'class_weights':{'weights':{'positive':-2}}"));
        bad(
                "weights-without-classes",
                () -> Customers.sound().labelledWithSpend(),
                with("'linear_regression':{},'class_weights':{'balanced':true}"));
        bad("costs-nothing", "'judge':{'costs':{}}," + LOGISTIC);
        bad(
                "costs-of-values",
                () -> Customers.sound().labelledWithSpend(),
                "'judge':{'costs':{'false_positive_cost':1,'true_positive_benefit':2}}," + OLS);
        bad("capacity-above-population", "'judge':{'capacity':{'count':10,'population':5}}," + LOGISTIC);
        rankings();
        bad("leak-accepted-unknown", "'judge':{'accept_leaks':['spnd']}," + LOGISTIC);
    }

    private static String ranked(String rankings) {
        return "'judge':{'rankings':{" + rankings + "}},";
    }

    private void rankings() {
        bad("rankings-of-nothing", ranked("'cut_offs':[5]") + LOGISTIC);
        bad("rankings-cut-off-zero", ranked("'column':'plan','cut_offs':[5,0]") + LOGISTIC);
        bad("rankings-not-by-entity", ranked("'entity':false") + LOGISTIC);
        bad("rankings-limit-negative", ranked("'time':'TIME_BUCKET_WEEK','relevant_above':-1") + LOGISTIC);
        bad("rankings-unknown-column", ranked("'column':'plam'") + LOGISTIC);
        bad(
                "rankings-by-sequence",
                () -> Customers.sound().sequence("weeks", 4, i -> i % 7),
                ranked("'column':'weeks'") + LOGISTIC);
        bad("rankings-groups-of-one-row", ranked("'entity':true") + LOGISTIC);
        bad("rankings-of-clusters", CLUSTERS + ranked("'column':'plan'") + with("'k_means':{'k':3}"));
        bad(
                "rankings-of-classes",
                () -> Customers.sound().labelledWithTexts(row -> "class " + row % 3),
                ranked("'column':'plan'") + LOGISTIC);
        bad("ranking-metric-undeclared", "'metric':'ndcg_10'," + LOGISTIC);
        bad(
                "ranking-metric-of-other-depth",
                "'metric':'ndcg_10'," + ranked("'column':'plan','cut_offs':[3,5]") + LOGISTIC);
        bad("ranking-gate-undeclared", "'gates':{'metrics':[{'metric':'mrr','limit':0.5}]}," + LOGISTIC);
    }

    private void tuning() {
        bad("tuning-nothing", with("'boosted_trees':{},'tuning':{}"));
        bad("tuning-unknown", tuned("'boosted_trees':{}", "'name':'learning_rat','from':0.1,'to':0.2"));
        bad("tuning-out-of-range", tuned("'boosted_trees':{}", "'name':'max_depth','from':2,'to':600"));
        bad("tuning-value-out-of-range", tuned("'boosted_trees':{}", "'name':'learning_rate','values':[0.1,7]"));
        bad("tuning-turned", tuned("'boosted_trees':{}", "'name':'max_depth','from':6,'to':2"));
        bad(
                "tuning-logarithm-of-zero",
                tuned("'boosted_trees':{}", "'name':'learning_rate','from':0,'to':1,'logarithmic':true"));
        bad("tuning-name-for-number", tuned("'boosted_trees':{}", "'name':'max_depth','names':['deep']"));
        bad("tuning-unknown-name", tuned("'svm':{}", "'name':'kernel','names':['rbff']"));
        bad("tuning-fraction", tuned("'boosted_trees':{}", "'name':'max_depth','values':[2.5]"));
        bad(
                "tuning-time-too-small",
                with("'boosted_trees':{'tree_count':5},'tuning':{'seconds':0.001,'parameters':["
                        + "{'name':'max_depth','from':2,'to':6}]}"));
    }

    private void algorithms() {
        bad("algorithm-of-other-task", OLS);
        bad("clusters-of-labels", with("'k_means':{'k':3}"));
        bad("k-above-rows", () -> Customers.of(20).unlabelled(), CLUSTERS + with("'k_means':{'k':50}"));
        bad(
                "clusters-of-equal-rows",
                () -> Customers.sound().unlabelled().number("a", row -> row % 2).only("a"),
                CLUSTERS + with("'k_means':{'k':3}"));
        bad(
                "cluster-size-above-rows",
                () -> Customers.of(20).unlabelled(),
                CLUSTERS + with("'hdbscan':{'min_cluster_size':50}"));
        bad("neighbours-above-rows", () -> Customers.of(60), with("'nearest_neighbors':{'k':500}"));
        bad("sequence-network-without-sequence", with("'sequence_network':{'epochs':1}"));
    }

    private void layers() {
        bad("layer-of-nothing", network("{}"));
        bad("layer-without-sequence", network("{'lstm':{}}"));
        bad("layer-without-image", network("{'conv2d':{}}"));
        bad("layer-pools-away", BadInputCases::weeks, network("{'max_pool':{'size':4}},{'max_pool':{'size':4}}"));
        bad("layer-after-dense", BadInputCases::weeks, network("{'dense':{}},{'lstm':{}}"));
        bad("layer-of-uneven-heads", BadInputCases::weeks, network("{'attention':{'heads':3,'units':16}}"));
        bad("kernel-longer-than-sequence", BadInputCases::weeks, network("{'conv1d':{'kernel':9,'filters':2}}"));
        bad("image-unknown", with("'network':{'image':{'feature':'pictur','height':3,'width':4}}"));
        bad(
                "image-of-other-size",
                () -> Customers.sound().sequence("picture", 10, i -> i % 7),
                with("'network':{'image':{'feature':'picture','height':3,'width':4},'layers':[{'conv2d':{}}]}"));
        bad("words-unknown", with("'network':{'text':{'features':['notes']}}"));
    }

    private void preparation() {
        bad("prepare-unknown-column", column("spnd", "'number':{'log':true}"));
        bad("prepare-other-kind", column("plan", "'number':{'log':true}"));
        bad("prepare-date-of-text", column("plan", "'date':{'parts':['DATE_PART_MONTH']}"));
        bad(
                "prepare-twice",
                prepared(
                        "'columns':[{'columns':['spend'],'number':{'log':true}},{'columns':['spend'],'leave_out':true}]"));
        bad("prepare-leaves-out-all", prepared("'columns':[{'columns':['spend','visits','plan'],'leave_out':true}]"));
        bad("prepare-isolated-clipped", prepared("'rows':{'isolated':'OUTLIER_ACTION_CLIP','isolated_share':0.01}"));
        bad("prepare-isolated-without-share", prepared("'rows':{'isolated':'OUTLIER_ACTION_FLAG'}"));
        bad(
                "prepare-clips-beside-bins",
                column("spend", "'number':{'bins':{},'outliers':{'action':'OUTLIER_ACTION_CLIP'}}"));
        bad("prepare-logarithm-beside-bins", column("spend", "'number':{'bins':{},'log':true}"));
        bad("prepare-scale-beside-bins", column("spend", "'number':{'bins':{},'scale':'SCALE_RULE_MIN_MAX'}"));
        bad("prepare-edges-fall", column("spend", "'number':{'bins':{'edges':[3,2]}}"));
        bad("selection-keeps-nothing", prepared("'selections':[{'rule':'SELECTION_RULE_VARIANCE','threshold':1e6}]"));
        bad(
                "selection-without-classes",
                () -> Customers.sound().labelledWithSpend(),
                "'prepare':{'selections':[{'rule':'SELECTION_RULE_CHI_SQUARE','top':2}]}," + OLS);
        bad("interaction-unknown", prepared("'interactions':[{'first':'spend','second':'visit'}]"));
        bad(
                "interaction-with-constant",
                () -> Customers.sound().number("fee", row -> 9.5),
                prepared("'interactions':[{'first':'spend','second':'fee'}]"));
    }

    private void jobs() {
        bad("gate-unknown", "'gates':{'metrics':[{'metric':'auc','limit':0.5}]}," + LOGISTIC);
        bad("gate-of-other-task", "'gates':{'metrics':[{'metric':'rmse','limit':0.5}]}," + LOGISTIC);
        bad(
                "gate-of-slices-of-clusters",
                CLUSTERS + "'gates':{'worst_slice':{'metric':'roc_auc','limit':0.5}}," + with("'k_means':{}"));
        bad("gate-out-of-range", "'gates':{'max_p99_micros':-5,'max_calibration_error':2}," + LOGISTIC);
        bad("champion-of-clusters", CLUSTERS + "'gates':{'champion':{}}," + with("'k_means':{}"));
        bad("champion-metric-unpaired", "'gates':{'champion':{'metric':'expected_calibration_error'}}," + LOGISTIC);
        bad("champion-margin-missing", "'gates':{'champion':{'rule':'CHAMPION_RULE_NON_INFERIORITY'}}," + LOGISTIC);
        bad("resources-out-of-range", "'resources':{'memory_mib':64,'threads':-1,'max_seconds':0.5}," + LOGISTIC);
        bad("priority-out-of-range", "'priority':1000," + LOGISTIC);
        bad("cron-unreadable", "'retrain':{'cron':'0 25 * * *'}," + LOGISTIC);
        bad("cron-of-three-fields", "'retrain':{'cron':'0 3 *'}," + LOGISTIC);
        bad("schedule-of-both", "'retrain':{'cron':'0 3 * * *','every':'7d'}," + LOGISTIC);
        bad("schedule-too-often", "'retrain':{'every':'5 seconds'}," + LOGISTIC);
    }
}
