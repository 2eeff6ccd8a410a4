package io.foresell.model.graph;

import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;

/** Sorts encodings into blocks: numbers that go through the same steps together, everything else on its own. */
final class ColumnBlocks {
    private final Signature signature;
    private final List<NumberBlock> numbers = new ArrayList<>();
    private final List<ColumnBlock> others = new ArrayList<>();

    private ColumnBlocks(Signature signature) {
        this.signature = signature;
        for (boolean isLogarithmic : new boolean[] {false, true}) {
            for (boolean isBounded : new boolean[] {false, true}) {
                numbers.add(new NumberBlock(signature, isBounded, isLogarithmic));
            }
        }
    }

    static List<ColumnBlock> of(List<InputEncoding> encodings, Signature signature) {
        ColumnBlocks blocks = new ColumnBlocks(signature);
        encodings.forEach(blocks::add);
        List<ColumnBlock> all = new ArrayList<>(blocks.numbers);
        all.removeIf(block -> block.width() == 0);
        all.addAll(blocks.others);
        return List.copyOf(all);
    }

    private void add(InputEncoding encoding) {
        if (encoding instanceof NumberEncoding number) {
            block(number).add(number.input(), number);
        } else if (encoding instanceof FlatSequenceEncoding sequence) {
            add(sequence);
        } else if (encoding instanceof BinnedEncoding binned) {
            others.add(new BinBlock(signature, binned));
        } else if (encoding instanceof DateEncoding date) {
            others.add(new DateBlock(signature, date));
        } else if (encoding instanceof MissingEncoding missing) {
            others.add(new MissingBlock(signature, missing));
        } else if (!(encoding instanceof SequenceEncoding || encoding instanceof WordSequenceEncoding)) {
            others.add(ofText(encoding));
        }
    }

    private ColumnBlock ofText(InputEncoding encoding) {
        if (encoding instanceof TextEncoding text) {
            return new CategoryBlock(signature, text);
        } else if (encoding instanceof TextBucketEncoding text) {
            return new TextBucketBlock(signature, text);
        } else if (encoding instanceof TextNumberEncoding text) {
            return new TextNumberBlock(signature, text);
        } else if (encoding instanceof TextVectorEncoding text) {
            return new TextVectorBlock(signature, text);
        } else if (encoding instanceof WordsEncoding words) {
            return new WordsBlock(signature, words);
        }
        return new CharactersBlock(signature, (CharactersEncoding) encoding);
    }

    private void add(FlatSequenceEncoding sequence) {
        NumberBlock block = block(sequence.steps().get(0));
        for (int step = 0; step < sequence.steps().size(); step++) {
            NumberEncoding number = sequence.steps().get(step);
            if (!block.accepts(number)) {
                throw new IllegalArgumentException("step %d of %s: %s (expected: bounds and logarithm like step 0)"
                        .formatted(step, sequence.input(), number));
            }
            block.add(sequence.input(), step, number, sequence);
        }
    }

    private NumberBlock block(NumberEncoding number) {
        return numbers.stream()
                .filter(block -> block.accepts(number))
                .findFirst()
                .orElseThrow();
    }
}
