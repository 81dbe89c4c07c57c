package dev.realtime.spring.publisher;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.ClassFilter;
import org.springframework.aop.MethodMatcher;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcher;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Knows the methods with {@link TopicPublisher} of each bean's class, and is the pointcut
 * that selects them.
 */
final class BeanMethods extends StaticMethodMatcher implements Pointcut, ClassFilter {

	private static final Logger logger = LoggerFactory.getLogger(BeanMethods.class);

	private final Map<Class<?>, Map<Method, BeanMethod>> byType = new ConcurrentHashMap<>();

	/** The plan for a call of the method on a bean of the type, or null. */
	@Nullable BeanMethod find(Method method, @Nullable Class<?> type) {
		Class<?> owner = (type != null) ? type : method.getDeclaringClass();
		return of(owner).get(AopUtils.getMostSpecificMethod(method, owner));
	}

	/**
	 * The methods of a class.
	 * @throws InvalidTopicPublisherException when one cannot work
	 */
	Map<Method, BeanMethod> of(Class<?> type) {
		if (!AnnotationUtils.isCandidateClass(type, TopicPublisher.class)
				|| type.getName().startsWith("org.springframework.")) {
			return Map.of();
		}
		Map<Method, BeanMethod> known = this.byType.get(type);
		return (known != null) ? known : this.byType.computeIfAbsent(type, BeanMethods::read);
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return find(method, targetClass) != null;
	}

	@Override
	public boolean matches(Class<?> type) {
		return !of(type).isEmpty();
	}

	@Override
	public ClassFilter getClassFilter() {
		return this;
	}

	@Override
	public MethodMatcher getMethodMatcher() {
		return this;
	}

	private static Map<Method, BeanMethod> read(Class<?> type) {
		if (!type.isInterface() && type.isAnnotationPresent(TopicPublisher.class)) {
			throw new InvalidTopicPublisherException(type,
					"on a type it is for interfaces only; for a class, annotate its methods");
		}
		try {
			return Map.copyOf(
					MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<BeanMethod>) (method) -> {
						Declaration declaration = Declaration.ofBean(method);
						return (declaration != null && !BeanMethod.isImplementation(method, type))
								? new BeanMethod(declaration, type) : null;
					}));
		}
		catch (InvalidTopicPublisherException ex) {
			throw ex;
		}
		catch (IllegalStateException | LinkageError ex) {
			// as Spring does with listeners: a method names a class that is not there
			logger.debug("Cannot look for @TopicPublisher in {}", type, ex);
			return Map.of();
		}
	}

}
