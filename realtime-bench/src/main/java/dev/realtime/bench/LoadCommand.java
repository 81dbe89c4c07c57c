package dev.realtime.bench;

import java.util.List;
import java.util.Set;

import dev.realtime.bench.trial.DeploymentException;
import dev.realtime.bench.trial.Report;
import dev.realtime.bench.trial.Result;
import dev.realtime.bench.trial.ResultFile;
import dev.realtime.bench.trial.Trial;
import dev.realtime.bench.trial.TrialOptions;

/** The command {@code load} against any deployment, and {@code load merge}. */
final class LoadCommand {

	private static final int NOT_EXACT = 1;

	private static final int NOT_REACHED = 3;

	private LoadCommand() {
	}

	/**
	 * Runs it.
	 * @return the exit code: 0, 1 if a delivery was not exact, 3 if the deployment cannot
	 * be reached or refuses
	 * @throws IllegalArgumentException if the command line is wrong, saying how
	 */
	static int run(Arguments arguments) {
		List<String> words = arguments.words();
		if (words.size() == 1) {
			return load(arguments);
		}
		if (!words.get(1).equals("merge")) {
			throw new IllegalArgumentException("Behind load comes merge or an option, not \"" + words.get(1) + '"');
		}
		if (!arguments.except(Set.of("out")).isEmpty()) {
			throw new IllegalArgumentException("load merge has only the option --out, and the files");
		}
		Result merged = ResultFile.merge(words.subList(2, words.size()));
		ResultFile.write(merged, arguments.get("out", "results"), "load-merged");
		return shown(merged);
	}

	private static int load(Arguments arguments) {
		TrialOptions options = TrialOptions.of(arguments);
		try {
			Result result = Trial.run(options);
			ResultFile.write(result, options.out(), "load");
			return shown(result);
		}
		catch (DeploymentException ex) {
			System.err.println(options.target().name() + " cannot be loaded: " + ex.getMessage());
			return NOT_REACHED;
		}
	}

	private static int shown(Result result) {
		System.out.print(Report.of(result));
		return result.isExact() ? 0 : NOT_EXACT;
	}

}
