namespace CacheBackup.Aws.StepFunctions;

/// <summary>Asks for an execution of a machine, by name.</summary>
internal sealed record StartExecutionRequest(string StateMachineArn, string Name, string Input);
