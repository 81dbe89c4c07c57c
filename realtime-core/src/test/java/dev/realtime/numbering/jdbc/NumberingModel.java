package dev.realtime.numbering.jdbc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.realtime.numbering.jdbc.NumberingWorld.Kind;
import dev.realtime.numbering.jdbc.NumberingWorld.Publisher;
import dev.realtime.numbering.jdbc.NumberingWorld.Row;
import dev.realtime.numbering.jdbc.NumberingWorld.Stage;
import org.jspecify.annotations.Nullable;

/**
 * All that can happen on one topic whose numbers come from a counter, in every order: the
 * statements of {@link CountedStore}, {@code JdbcNumberedStore} and {@code JdbcSettling}
 * are the steps, one for each statement after which another transaction may go on.
 * Publishers draft, take, insert, check, commit or roll back, and die anywhere; the
 * counter forgets, falls behind and goes away; heads are moved, holes filled and numbers
 * trimmed, at any time. A statement that would wait for another transaction has no step
 * until that one is over.
 * <p>
 * A state is wrong when a message is committed with a number that readers have passed,
 * when two messages had one number, when the numbers of one publisher fall, when a
 * subscriber may have got in order what is beyond the head, or when something committed
 * stays beyond the head although nothing is under way any more.
 */
final class NumberingModel {

	private final NumberingWorld start;

	private final Set<Broken> broken;

	private long states;

	/**
	 * A model.
	 * @param faults how many things go wrong at most
	 * @param broken rules that are left out
	 */
	NumberingModel(int faults, List<Publisher> publishers, Broken... broken) {
		this.start = NumberingWorld.start(faults, publishers);
		this.broken = (broken.length == 0) ? EnumSet.noneOf(Broken.class) : EnumSet.copyOf(Arrays.asList(broken));
	}

	/** How many states were seen. */
	long states() {
		return this.states;
	}

	/** Returns the shortest way into a wrong state, or null when there is none. */
	@Nullable List<String> search() {
		Deque<Step> queue = new ArrayDeque<>();
		Set<NumberingWorld> seen = new HashSet<>();
		queue.add(new Step(this.start, null, "start"));
		seen.add(this.start);
		while (!queue.isEmpty()) {
			Step step = queue.remove();
			this.states++;
			if (step.world.wrong() != null) {
				return step.way();
			}
			new NumberingSteps(step.world, this.broken, (what, world) -> {
				NumberingWorld judged = judged(world);
				if (seen.add(judged)) {
					queue.add(new Step(judged, step, what));
				}
			}).all();
		}
		return null;
	}

	/** The next number in order must not be announced before the head is there. */
	private static NumberingWorld judged(NumberingWorld world) {
		if (world.wrong() != null) {
			return world;
		}
		if ((world.announced() & 1 << (world.head() + 1)) != 0) {
			return world.wrong((world.head() + 1) + " is announced and beyond the head");
		}
		boolean over = world.publishers().stream().allMatch((publisher) -> publisher.stage() == Stage.DONE);
		return (over && isStuck(world)) ? world.wrong("the head stays at " + world.head()) : world;
	}

	private static boolean isStuck(NumberingWorld world) {
		NumberingWorld next = world;
		for (int seq = 1; seq <= NumberingWorld.NUMBERS; seq++) {
			next = next.head(next.settled(-1));
			int behind = next.behindHole();
			for (int hole = next.head() + 1; hole < behind; hole++) {
				next = next.row(hole, new Row(Kind.VOID, -1));
			}
		}
		return next.highest(-1) > next.settled(-1);
	}

	/** A rule that is left out, to see that it is needed. */
	enum Broken {

		/** What the counter gives is stored, whatever the key has. */
		COUNTER_DECIDES,

		/** It is not looked at whether the head has passed a number. */
		HEAD_NOT_CHECKED,

		/** That is looked at before the row is inserted, and not after. */
		HEAD_CHECKED_FIRST,

		/** A transaction looks at the head in its own snapshot. */
		HEAD_OF_SNAPSHOT,

		/** The head goes to the highest committed number. */
		HEAD_SKIPS_HOLES,

		/** A hole is passed without rows that say so. */
		HOLE_WITHOUT_ROWS,

		/** What is committed is announced without an attempt to move the head. */
		ANNOUNCED_FIRST,

		/** Numbers need not exceed those that the node had before. */
		NUMBERS_MAY_FALL

	}

	private record Step(NumberingWorld world, @Nullable Step before, String what) {

		List<String> way() {
			List<String> way = (this.before != null) ? this.before.way() : new ArrayList<>();
			way.add((this.world.wrong() != null) ? this.what + ": " + this.world.wrong() : this.what);
			return way;
		}

	}

}
