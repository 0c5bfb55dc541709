namespace Amazon.Lambda.Core;

/// <summary>Turns an invocation's event into a handler's input, and its output into the response.</summary>
public interface ILambdaSerializer
{
    /// <summary>Reads the whole of <paramref name="requestStream"/> as one value.</summary>
    T Deserialize<T>(Stream requestStream);

    /// <summary>Writes <paramref name="response"/> to <paramref name="responseStream"/>, which stays open.</summary>
    void Serialize<T>(T response, Stream responseStream);
}
