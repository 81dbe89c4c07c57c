package dev.realtime.spring.publisher;

import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationCode;

/**
 * What events with {@link PublishedOn} need in a native image, where they become JSON and
 * fill placeholders: their types, and those of sealed types.
 */
record PublishedEventHints(List<Class<?>> types) implements BeanRegistrationAotContribution {

	PublishedEventHints {
		types = List.copyOf(types);
	}

	@Override
	public void applyTo(GenerationContext context, BeanRegistrationCode code) {
		Set<Type> all = new LinkedHashSet<>();
		this.types.forEach((type) -> add(type, all));
		new BindingReflectionHintsRegistrar().registerReflectionHints(context.getRuntimeHints().reflection(),
				all.toArray(Type[]::new));
	}

	private static void add(Class<?> type, Set<Type> all) {
		Class<?>[] permitted = type.getPermittedSubclasses();
		if (all.add(type) && permitted != null) {
			for (Class<?> each : permitted) {
				add(each, all);
			}
		}
	}

}
