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

	private static Broker slow(Broker broker) {
		TopicLog log = proxy(TopicLog.class, (proxy, method, args) -> method.getName().equals("heads")
				? heads(broker.log(), method, args) : invoke(broker.log(), method, args));
		return proxy(Broker.class,
				(proxy, method, args) -> method.getName().equals("log") ? log : invoke(broker, method, args));
	}

	private static Object heads(TopicLog log, Method method, @Nullable Object[] args) throws Throwable {
		List<?> topics = (List<?>) args[0];
		if (anyContains(topics, "stuck")) {
			return new CompletableFuture<>();
		}
		if (anyContains(topics, "slow")) {
			return CompletableFuture.supplyAsync(() -> (CompletionStage<?>) unchecked(log, method, args), LATER)
				.thenCompose((heads) -> heads);
		}
		return invoke(log, method, args);
	}

	private static boolean anyContains(@Nullable List<?> topics, String text) {
		return topics != null && topics.stream().anyMatch((topic) -> ((Topic) topic).name().contains(text));
	}

	private static Object unchecked(Object target, Method method, @Nullable Object[] args) {
		try {
			return invoke(target, method, args);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
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
