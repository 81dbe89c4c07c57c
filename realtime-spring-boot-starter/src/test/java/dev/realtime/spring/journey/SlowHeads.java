package dev.realtime.spring.journey;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Lets the log take its time to say where live delivery starts, as a busy database does:
 * 200 ms for topics whose name contains "slow", for ever for those with "stuck".
 */
final class SlowHeads implements BeanPostProcessor {

	static final int MILLIS = 200;

	private static final Executor LATER = CompletableFuture.delayedExecutor(MILLIS, TimeUnit.MILLISECONDS);

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (name.equals("realtimeBroker") && bean instanceof Broker broker) ? slow(broker) : bean;
	}

	@SuppressWarnings("unchecked")
	private static Broker slow(Broker broker) {
		TopicLog log = proxy(TopicLog.class, (proxy, method, args) -> method.getName().equals("heads")
				? heads(broker.log(), (List<Topic>) args[0]) : invoke(broker.log(), method, args));
		return proxy(Broker.class,
				(proxy, method, args) -> method.getName().equals("log") ? log : invoke(broker, method, args));
	}

	private static CompletionStage<List<Position>> heads(TopicLog log, List<Topic> topics) {
		CompletionStage<List<Position>> asked = new CompletableFuture<>();
		if (anyContains(topics, "slow")) {
			asked = CompletableFuture.supplyAsync(() -> log.heads(topics), LATER).thenCompose((heads) -> heads);
		}
		else if (!anyContains(topics, "stuck")) {
			asked = log.heads(topics);
		}
		return asked;
	}

	private static boolean anyContains(List<Topic> topics, String text) {
		return topics.stream().anyMatch((topic) -> topic.name().contains(text));
	}

	private static Object invoke(Object target, Method method, @Nullable Object[] args) throws Throwable {
		try {
			return method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

}
