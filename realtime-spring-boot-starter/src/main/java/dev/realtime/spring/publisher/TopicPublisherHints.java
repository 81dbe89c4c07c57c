package dev.realtime.spring.publisher;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.support.RegisteredBean;

/**
 * What publishing needs in a native image: the proxies of interfaces, the methods with
 * {@link TopicPublisher}, and the types of their arguments and results, which become JSON
 * or fill the placeholders of topics.
 */
final class TopicPublisherHints implements BeanRegistrationAotProcessor {

	private final BeanMethods beanMethods = new BeanMethods();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		if (bean.getMergedBeanDefinition().getResolvableType().resolve() == InterfacePublisherFactoryBean.class) {
			Class<?> type = bean.getMergedBeanDefinition().getResolvableType().getGeneric(0).toClass();
			return new Hints(List.of(type), InterfacePublisher.methods(type).keySet());
		}
		Set<Method> methods = this.beanMethods.of(bean.getBeanClass()).keySet();
		return methods.isEmpty() ? null : new Hints(List.of(), methods);
	}

	private record Hints(List<Class<?>> proxied, Set<Method> methods) implements BeanRegistrationAotContribution {

		@Override
		public void applyTo(GenerationContext context, BeanRegistrationCode code) {
			RuntimeHints hints = context.getRuntimeHints();
			this.proxied.forEach(hints.proxies()::registerJdkProxy);
			this.methods.forEach((method) -> hints.reflection().registerMethod(method, ExecutableMode.INVOKE));
			new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(),
					this.methods.stream().flatMap(Hints::types).toArray(Type[]::new));
		}

		private static Stream<Type> types(Method method) {
			return Stream.concat(Stream.of(method.getGenericReturnType()),
					Stream.of(method.getGenericParameterTypes()));
		}

	}

}
