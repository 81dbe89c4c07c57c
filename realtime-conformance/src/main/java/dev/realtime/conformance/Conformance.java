package dev.realtime.conformance;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.realtime.conformance.cases.AllCases;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Outcome;
import dev.realtime.conformance.scene.Runner;
import dev.realtime.conformance.server.Nodes;

/** {@code java -jar realtime-conformance.jar --client-command=…} */
public final class Conformance {

	private Conformance() {
	}

	/** Runs the kit and ends the process. */
	public static void main(String[] args) {
		System.exit(run(List.of(args), new PrintStream(System.out, true, StandardCharsets.UTF_8)));
	}

	/** Runs the kit, and returns the exit code. */
	static int run(List<String> args, PrintStream out) {
		List<Case> all = AllCases.all();
		Options options;
		try {
			options = Options.parse(args, all);
		}
		catch (IllegalArgumentException ex) {
			out.println(ex.getMessage());
			out.println();
			out.print(Options.USAGE);
			return 2;
		}
		List<Case> chosen = all.stream().filter(options::chooses).toList();
		Report report = new Report(out);
		if (options.list()) {
			report.list(chosen);
			return 0;
		}
		try (Nodes nodes = new Nodes()) {
			List<Outcome> outcomes = new Runner(nodes, options.command(), options.patience(), options.parallel())
				.run(chosen, report::add);
			report.end(outcomes);
			if (options.json() != null) {
				report.write(outcomes, options.json());
			}
			return outcomes.stream().anyMatch(Outcome::isFatal) ? 1 : 0;
		}
		catch (IOException ex) {
			out.println("The result cannot be written: " + ex.getMessage());
			return 2;
		}
	}

}
