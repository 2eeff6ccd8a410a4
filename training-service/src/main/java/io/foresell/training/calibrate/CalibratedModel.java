package io.foresell.training.calibrate;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.BetaCalibration;
import io.foresell.model.graph.CalibratedGraph;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.IsotonicCalibration;
import io.foresell.model.graph.PlattCalibration;
import io.foresell.training.fit.CoefficientTable;
import io.foresell.training.fit.FittedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model and the calibration behind it. */
final class CalibratedModel implements FittedModel {
    // The greatest that a package may state.
    private static final double STEEP_TOLERANCE = 1e-4;
    private static final double STEEP_SLOPE = 4;

    private final FittedModel model;
    private final List<Calibration> calibrations;
    private final boolean readsLogOdds;

    CalibratedModel(FittedModel model, List<Calibration> calibrations, boolean readsLogOdds) {
        this.model = model;
        this.calibrations = List.copyOf(calibrations);
        this.readsLogOdds = readsLogOdds;
    }

    private boolean isKept() {
        return calibrations.stream().allMatch(Calibration.NONE::equals);
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public Answer answer() {
        return model.answer();
    }

    @Override
    public byte[] onnx() {
        return isKept()
                ? model.onnx()
                : CalibratedGraph.of(model.onnx(), model.answer()).write(calibrations, readsLogOdds);
    }

    @Override
    public double[] predict(Rows rows) {
        return Curve.apply(calibrations, readsLogOdds, model.predict(rows));
    }

    @Override
    public double parityTolerance() {
        boolean isSteep = calibrations.stream().anyMatch(CalibratedModel::isSteep);
        return isSteep ? Math.max(STEEP_TOLERANCE, model.parityTolerance()) : model.parityTolerance();
    }

    /** Where a curve is steep, single precision shows. */
    private static boolean isSteep(Calibration calibration) {
        if (calibration instanceof PlattCalibration platt) {
            return platt.slope() > STEEP_SLOPE;
        }
        if (calibration instanceof BetaCalibration beta) {
            return Math.max(beta.a(), beta.b()) > STEEP_SLOPE;
        }
        return calibration instanceof IsotonicCalibration;
    }

    @Override
    public String calibration() {
        return isKept() ? "" : CalibrationMethod.keyOf(calibrations);
    }

    @Override
    public Map<String, byte[]> source() {
        return model.source();
    }

    @Override
    public Map<String, String> libraryVersions() {
        return model.libraryVersions();
    }

    @Override
    public Optional<CoefficientTable> coefficients() {
        return model.coefficients();
    }

    @Override
    public List<String> notes() {
        return model.notes();
    }

    @Override
    public void close() {
        model.close();
    }
}
