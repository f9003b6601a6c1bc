using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Only blittable values cross the boundary, so the runtime has nothing to convert and every call is a plain call.
[assembly: DisableRuntimeMarshalling]
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
