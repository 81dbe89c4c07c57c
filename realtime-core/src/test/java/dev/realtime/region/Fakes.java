package dev.realtime.region;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.broker.Copied;
import dev.realtime.broker.NumberedRun;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.log.TopicLog;

/** A store that copies as it is told to, and a bridge that remembers what it carries. */
final class Fakes {

	private Fakes() {
	}

	static RegionalBroker store(BiFunction<Topic, NumberedRun, CompletionStage<Copied>> copy) {
		return fake(RegionalBroker.class, (proxy, method, args) -> switch (method.getName()) {
			case "copy" -> copy.apply((Topic) args[0], (NumberedRun) args[1]);
			case "isConnected", "isUsable" -> true;
			case "partition" -> 0;
			case "log" -> confusedLog();
			default -> throw new UnsupportedOperationException(method.getName());
		});
	}

	/** Answers with three positions, whatever it is asked for. */
	private static TopicLog confusedLog() {
		return fake(TopicLog.class, (proxy, method, args) -> CompletableFuture
			.completedFuture(List.of(new Position("e", 0), new Position("e", 0), new Position("e", 0))));
	}

	static Bridge bridge(List<Letter> asked) {
		return fake(Bridge.class, (proxy, method, args) -> switch (method.getName()) {
			case "ask" -> {
				asked.add(Letters.read((byte[]) args[2]));
				yield CompletableFuture.completedFuture(null);
			}
			case "copying" -> Set.of();
			default -> throw new UnsupportedOperationException(method.getName());
		});
	}

	/** An object whose every call the handler takes. */
	static <T> T fake(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

}
