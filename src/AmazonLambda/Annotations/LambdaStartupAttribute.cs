namespace Amazon.Lambda.Annotations;

/// <summary>Marks the class that sets up the services of a Lambda project.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class LambdaStartupAttribute : Attribute;
