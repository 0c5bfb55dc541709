using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CacheBackup.Architecture.Tests;

/// <summary>What a compiled assembly refers to, read from its metadata: what the compiler kept, not what a project file says.</summary>
public sealed class CompiledAssembly
{
    private CompiledAssembly(MetadataReader reader)
    {
        Name = reader.GetString(reader.GetAssemblyDefinition().Name);
        Assemblies = reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)).ToHashSet();
        Types = reader.TypeReferences.Select(handle => TypeName(reader, handle)).ToHashSet();
        Members = reader.MemberReferences.Select(handle => MemberName(reader, reader.GetMemberReference(handle))).OfType<string>().ToHashSet();
    }

    public string Name { get; }

    /// <summary>Names of the assemblies that it uses.</summary>
    public IReadOnlySet<string> Assemblies { get; }

    /// <summary>Full names of the types of other assemblies that it uses.</summary>
    public IReadOnlySet<string> Types { get; }

    /// <summary><c>Namespace.Type.Member</c> of the members of other assemblies that it uses.</summary>
    public IReadOnlySet<string> Members { get; }

    /// <summary>An assembly that lies beside the tests.</summary>
    public static CompiledAssembly Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        using var portable = new PEReader(file);
        return new CompiledAssembly(portable.GetMetadataReader());
    }

    private static string? MemberName(MetadataReader reader, MemberReference member) => member.Parent.Kind == HandleKind.TypeReference
        ? $"{TypeName(reader, (TypeReferenceHandle)member.Parent)}.{reader.GetString(member.Name)}"
        : null;

    private static string TypeName(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{TypeName(reader, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : $"{reader.GetString(type.Namespace)}.{name}";
    }
}
