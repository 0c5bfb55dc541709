namespace Amazon.Lambda.Annotations;

/// <summary>Marks a handler's parameter that comes from the services, not from the event.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class FromServicesAttribute : Attribute;
